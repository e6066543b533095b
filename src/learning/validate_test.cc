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
