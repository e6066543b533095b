#include "engine/synthetic_truth.h"

#include <gtest/gtest.h>

#include "engine/testing/ridge_market.h"
#include "learning/fit_recipe.h"

namespace hone {
namespace {

// Answers another model's answer plus a constant.
class Biased final : public Model {
 public:
  Biased(ModelPointer model, double bias) : model_(std::move(model)), bias_(bias) {}
  double Predict(std::span<const double> row) const noexcept override { return model_->Predict(row) + bias_; }
  std::size_t width() const override { return model_->width(); }

 private:
  ModelPointer model_;
  double bias_;
};

ModelPointer FitOn(const ModelDefinition& model, const BarSeries& bars) {
  const Dataset data = RowsOf(bars, model);
  return FitRecipe(model.recipes[0], model.recipes, data, 0, data.rows(), 1).value().model;
}

class SyntheticTruthTest : public testing::Test {
 protected:
  Time At(std::size_t bar) const { return market_.series().bars[bar].known_at; }

  ModelDefinition model_ = RidgeModel();
  SyntheticMarket market_ = Market("break", 1500, 21);
  SyntheticTruth truth_{market_, model_};
  ModelPointer old_regime_ = FitOn(model_, market_.FreshBars(0, 5000));
  ModelPointer new_regime_ = FitOn(model_, market_.FreshBars(1499, 5000));
};

TEST_F(SyntheticTruthTest, AModelGainsNothingOverItself) {
  EXPECT_EQ(truth_.Gain(At(0), *old_regime_, *old_regime_), 0);
}

TEST_F(SyntheticTruthTest, TheTrueModelGainsTheSquareOfTheBias) {
  // E[(error + b)^2] - E[error^2] = b^2 + 2 b E[error], and a fit on the regime itself has E[error] near 0.
  const double bias = 0.4;
  const Biased biased(old_regime_, bias);
  const double gain = truth_.Gain(At(0), biased, *old_regime_);
  EXPECT_GT(gain, 0);
  EXPECT_NEAR(gain, bias * bias, 0.05);
  EXPECT_EQ(truth_.Gain(At(0), *old_regime_, biased), -gain) << "the same bars judge both";
}

TEST_F(SyntheticTruthTest, TheRegimeInForceDecides) {
  ASSERT_EQ(market_.regime_at(100), 0);
  ASSERT_EQ(market_.regime_at(1200), 1);
  EXPECT_LT(truth_.Gain(At(100), *old_regime_, *new_regime_), 0);
  EXPECT_GT(truth_.Gain(At(1200), *old_regime_, *new_regime_), 0);
  EXPECT_EQ(truth_.Gain(At(1200), *old_regime_, *new_regime_), truth_.Gain(At(1300), *old_regime_, *new_regime_));
}

TEST_F(SyntheticTruthTest, TimesOutsideTheMarketAreItsEnds) {
  EXPECT_EQ(truth_.Gain(0, *old_regime_, *new_regime_), truth_.Gain(At(0), *old_regime_, *new_regime_));
  EXPECT_EQ(truth_.Gain(At(1499) + 1000 * kDay, *old_regime_, *new_regime_),
            truth_.Gain(At(1499), *old_regime_, *new_regime_));
}

}  // namespace
}  // namespace hone
