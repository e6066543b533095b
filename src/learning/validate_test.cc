#include "learning/validate.h"

#include <gtest/gtest.h>

#include <cmath>

#include "learning/fit_recipe.h"
#include "learning/test_rows.h"

namespace hone {
namespace {

const Recipe kRecipe = {.name = "levels", .learner = "ridge", .features = {"f0", "f1"}};

Result<Validation> Validate(const Dataset& data, Executor& executor) {
  return ValidateRecipe(kRecipe, {}, data, 0, data.rows(), {.folds = 4, .min_train_rows = 200}, 1, executor);
}

TEST(ValidateRecipe, ScoresEachFoldAsFittedByHand) {
  const Dataset data = MakeTestRows(600, 2, 1);
  const auto executor = MakeInlineExecutor();
  auto validation = Validate(data, *executor);
  ASSERT_TRUE(validation.ok()) << validation.error().ToString();
  ASSERT_EQ(validation->folds.size(), 4U);
  double all_squared = 0, all_absolute = 0;
  std::size_t judged = 0;
  for (const FoldScore& score : validation->folds) {
    auto fitted = FitRecipe(kRecipe, {}, data, score.fold.train_begin, score.fold.train_end, 1);
    ASSERT_TRUE(fitted.ok());
    double squared = 0, absolute = 0;
    for (std::size_t i = score.fold.test_begin; i < score.fold.test_end; ++i) {
      const double error = data.y[i] - fitted->model->Predict(data.row(i));
      EXPECT_EQ(validation->answers[judged++], fitted->model->Predict(data.row(i)));
      squared += error * error;
      absolute += std::fabs(error);
    }
    EXPECT_EQ(score.rows, 100U);
    EXPECT_DOUBLE_EQ(score.rmse, std::sqrt(squared / 100));
    EXPECT_DOUBLE_EQ(score.mae, absolute / 100);
    all_squared += squared;
    all_absolute += absolute;
  }
  EXPECT_EQ(validation->rows, 400U);
  EXPECT_DOUBLE_EQ(validation->rmse, std::sqrt(all_squared / 400));
  EXPECT_DOUBLE_EQ(validation->mae, all_absolute / 400);
}

TEST(ValidateRecipe, DoesNotDependOnParallelism) {
  const Dataset data = MakeTestRows(900, 3, 2);
  const auto one = MakeInlineExecutor();
  const auto four = MakeThreadPool(4);
  EXPECT_EQ(Validate(data, *one)->answers, Validate(data, *four)->answers);
}

#ifdef HONE_HAVE_XGBOOST
Recipe ClassRecipe(Objective objective) {
  return {.name = "c",
          .learner = "xgboost",
          .features = {"f0", "f1"},
          .objective = objective,
          .parameters = {{"trees", 9}}};
}

TEST(ValidateRecipe, ScoresProbabilitiesAsByHand) {
  Dataset data = MakeTestRows(600, 2, 1);
  for (double& y : data.y) y = (y > -0.5) + (y > 0.5);
  Dataset binary = data;
  for (double& y : binary.y) y = y > 0;
  const auto executor = MakeInlineExecutor();
  for (const Objective objective : {Objective::kBinary, Objective::kMulticlass}) {
    const bool is_binary = objective == Objective::kBinary;
    const Dataset& rows = is_binary ? binary : data;
    const auto scored =
        ValidateRecipe(ClassRecipe(objective), {}, rows, 0, 600, {.folds = 4, .min_train_rows = 200}, 1, *executor);
    ASSERT_TRUE(scored.ok()) << scored.error().ToString();
    ASSERT_EQ(scored->answers.size(), is_binary ? 400U : 1200U);
    double loss = 0, correct = 0, squared = 0;
    for (std::size_t i = 0; i < 400; ++i) {
      const auto label = static_cast<std::size_t>(rows.y[200 + i]);
      std::vector<double> p(3);
      for (std::size_t k = 0; k < 3; ++k) p[k] = is_binary ? 0 : scored->answers[3 * i + k];
      if (is_binary) p = {1 - scored->answers[i], scored->answers[i], 0};
      loss -= std::log(p[label]) / 400;
      correct += (p[label] > p[(label + 1) % 3] && p[label] > p[(label + 2) % 3]) / 400.0;
      squared += std::pow(rows.y[200 + i] - p[1], 2) / 400;
    }
    EXPECT_EQ(scored->rows, 400U);
    EXPECT_NEAR(scored->log_loss, loss, 1e-9);
    EXPECT_NEAR(scored->accuracy, correct, 1e-9);
    EXPECT_TRUE(is_binary ? std::fabs(scored->rmse - std::sqrt(squared)) < 1e-9 : std::isnan(scored->rmse));
  }
}

TEST(ValidateRecipe, LabelsThatAreNoClassesAreRefused) {
  Dataset data = MakeTestRows(600, 2, 1);
  for (double& y : data.y) y = y > 0;
  data.y[599] = std::nan("");
  const auto executor = MakeInlineExecutor();
  for (const Objective objective : {Objective::kBinary, Objective::kMulticlass}) {
    const auto scored = ValidateRecipe(ClassRecipe(objective), {}, data, 0, 600, {.folds = 4}, 1, *executor);
    ASSERT_FALSE(scored.ok());
    EXPECT_NE(scored.error().message.find("row 599"), std::string::npos) << scored.error().ToString();
  }
}
#endif

TEST(ValidateRecipe, PassesOnTheFitsError) {
  const auto executor = MakeInlineExecutor();
  const Dataset data = MakeTestRows(600, 1, 1);
  const auto validation = Validate(data, *executor);
  ASSERT_FALSE(validation.ok());
  EXPECT_EQ(validation.error().key, "levels");
  EXPECT_FALSE(Validate(MakeTestRows(150, 2, 1), *executor).ok());
}

}  // namespace
}  // namespace hone
