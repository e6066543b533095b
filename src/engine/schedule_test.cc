#include "engine/schedule.h"

#include <gtest/gtest.h>

#include <cmath>

#include "engine/testing/ridge_market.h"

namespace hone {
namespace {

// Rows at uneven times, whose labels come after uneven waits (never before an earlier row's).
Dataset UnevenRows(std::uint64_t seed) {
  Random random(seed);
  Dataset data;
  data.names = {"x"};
  Time time = 0, label = 0;
  for (int i = 0; i < 300; ++i) {
    time += static_cast<Time>(1 + random.Below(3));
    label = std::max(label, time + static_cast<Time>(1 + random.Below(9)));
    data.time.push_back(time);
    data.label_time.push_back(label);
    data.x.push_back(random.Normal());
    data.y.push_back(random.Normal());
  }
  return data;
}

std::size_t CountKnown(const Dataset& data, Time at) {
  std::size_t known = 0;
  for (const Time label : data.label_time) known += label <= at ? 1 : 0;
  return known;
}

TEST(Schedule, MaturedRowsAreThoseWhoseLabelIsKnown) {
  for (const std::uint64_t seed : {1, 2, 3}) {
    const Dataset data = UnevenRows(seed);
    for (std::size_t i = 0; i < data.rows(); ++i) EXPECT_EQ(MaturedRows(data, i), CountKnown(data, data.time[i]));
  }
}

TEST(Schedule, TheFirstServedRowKnowsTheInitialRows) {
  for (const std::uint64_t seed : {4, 5, 6}) {
    const Dataset data = UnevenRows(seed);
    for (std::size_t initial = 1; initial <= 250; ++initial) {
      std::size_t expected = 0;
      while (expected < data.rows() && CountKnown(data, data.time[expected]) < initial) ++expected;
      EXPECT_EQ(FirstServedRow(data, initial), expected);
    }
  }
}

class RunScheduleTest : public testing::Test {
 protected:
  RunScheduleTest()
      : data_(RowsOf(Market("break", 700, 7).series(), model_)),
        recipes_(RecipesOfWindow(model_, 0)),
        executor_(MakeInlineExecutor()),
        cache_(data_, recipes_, *executor_) {}

  double AnswerOf(std::size_t fitted_rows, std::size_t row) const {
    const auto fit = FitRecipe(recipes_[0], recipes_, data_, 0, fitted_rows, 9);
    return fit.value().model->Predict(data_.row(row));
  }

  ModelDefinition model_ = RidgeModel();
  Dataset data_;
  std::vector<Recipe> recipes_;
  std::unique_ptr<Executor> executor_;
  FitCache cache_;
};

TEST_F(RunScheduleTest, EachRowIsAnsweredByTheNewestFitOfRowsKnownThen) {
  const std::size_t first = 300;
  constexpr int kEvery = 63;
  const auto run = RunSchedule(data_, recipes_[0], first, kEvery, 9, cache_);
  ASSERT_TRUE(run.ok()) << run.error().ToString();
  ASSERT_EQ(run->losses.size(), data_.rows() - first);
  EXPECT_EQ(run->fits, static_cast<int>((data_.rows() - first - 1) / kEvery));
  for (std::size_t i = first; i < data_.rows(); i += 10) {
    const std::size_t fitted_at = first + (i - first) / kEvery * kEvery;
    const double error = AnswerOf(CountKnown(data_, data_.time[fitted_at]), i) - data_.y[i];
    EXPECT_DOUBLE_EQ(run->losses[i - first], error * error) << "row " << i;
  }
}

TEST_F(RunScheduleTest, NeverMeansOneFit) {
  const auto run = RunSchedule(data_, recipes_[0], 300, 0, 9, cache_);
  ASSERT_TRUE(run.ok());
  EXPECT_EQ(run->fits, 0);
  const std::size_t last = data_.rows() - 1;
  const double error = AnswerOf(MaturedRows(data_, 300), last) - data_.y[last];
  EXPECT_DOUBLE_EQ(run->losses.back(), error * error);
}

TEST_F(RunScheduleTest, AFitThatFailsIsTheErrorOfTheSchedule) {
  const auto run = RunSchedule(data_, recipes_[0], 10, 0, 9, cache_);
  ASSERT_FALSE(run.ok());
  EXPECT_NE(run.error().ToString().find("rows"), std::string::npos) << run.error().ToString();
}

TEST_F(RunScheduleTest, PersistenceAnswersTheFeature) {
  const ScheduleResult run = RunPersistence(data_, 2, 100);
  ASSERT_EQ(run.losses.size(), data_.rows() - 100);
  for (std::size_t i = 100; i < data_.rows(); ++i) {
    EXPECT_DOUBLE_EQ(run.losses[i - 100], std::pow(data_.row(i)[2] - data_.y[i], 2));
  }
}

}  // namespace
}  // namespace hone
