#include "learning/fit_recipe.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "learning/learners.h"
#include "learning/test_rows.h"

namespace hone {
namespace {

const std::vector<Recipe>& Recipes() {
  static const std::vector<Recipe> recipes = {
      {.name = "levels", .learner = "ridge", .features = {"f0", "f2"}},
      {.name = "recent", .learner = "ridge", .features = {"f2", "f1"}, .window_rows = 100},
      {.name = "relative", .learner = "ridge", .features = {"f1"}, .relative_to = "f0"},
      {.name = "both", .learner = "mean", .members = {"levels", "relative"}},
  };
  return recipes;
}

Result<FittedRecipe> Fit(const std::string& name, const Dataset& data, std::size_t begin, std::size_t end) {
  return FitRecipe(*FindRecipe(Recipes(), name), Recipes(), data, begin, end, 1);
}

// Rows of some columns, as a learner sees them.
Dataset Narrow(const Dataset& data, const std::vector<std::size_t>& columns, std::size_t begin, std::size_t end) {
  Dataset narrow = Slice(data, begin, end);
  narrow.names.clear();
  narrow.x.clear();
  for (const std::size_t column : columns) narrow.names.push_back(data.names[column]);
  for (std::size_t i = begin; i < end; ++i) {
    for (const std::size_t column : columns) narrow.x.push_back(data.row(i)[column]);
  }
  return narrow;
}

TEST(FitRecipe, AnswersTheFullRowFromItsOwnColumns) {
  const Dataset data = MakeTestRows(300, 3, 1);
  auto fitted = Fit("levels", data, 20, 300);
  ASSERT_TRUE(fitted.ok()) << fitted.error().ToString();
  auto direct = FindLearner("ridge")->Fit(Narrow(data, {0, 2}, 20, 300), {}, 1);
  EXPECT_EQ(fitted->model->width(), 3U);
  EXPECT_EQ(fitted->rows, 280U);
  for (std::size_t i = 0; i < 20; ++i) {
    const auto row = data.row(i);
    EXPECT_EQ(fitted->model->Predict(row), direct->model->Predict(std::vector{row[0], row[2]}));
  }
}

TEST(FitRecipe, AWindowTakesTheNewestRows) {
  const Dataset data = MakeTestRows(300, 3, 1);
  auto fitted = Fit("recent", data, 0, 250);
  ASSERT_TRUE(fitted.ok());
  auto direct = FindLearner("ridge")->Fit(Narrow(data, {2, 1}, 150, 250), {}, 1);
  EXPECT_EQ(fitted->rows, 100U);
  EXPECT_EQ(fitted->pieces.front().bytes, direct->bytes);
  EXPECT_EQ(fitted->pieces.front().columns, (std::vector<std::uint32_t>{2, 1}));
}

TEST(FitRecipe, RelativeLearnsTheDifferenceAndAddsTheLevelBack) {
  Dataset data = MakeTestRows(200, 2, 2);
  for (std::size_t i = 0; i < data.rows(); ++i) data.y[i] = data.row(i)[0] + 2 * data.row(i)[1] + 3;
  data.x[2 * 50] = std::nan("");
  auto fitted = Fit("relative", data, 0, 200);
  ASSERT_TRUE(fitted.ok()) << fitted.error().ToString();
  EXPECT_EQ(fitted->rows, 199U);
  EXPECT_EQ(fitted->pieces.front().offset_column, 0);
  // Far outside the level seen in training the answer still follows the level one to one.
  EXPECT_NEAR(fitted->model->Predict(std::vector{1000.0, 0.0}), 1003, 0.05);
}

TEST(FitRecipe, AMeanIsTheMeanOfItsMembersAndKeepsTheirPieces) {
  const Dataset data = MakeTestRows(300, 3, 3);
  auto mean = Fit("both", data, 0, 300);
  auto first = Fit("levels", data, 0, 300);
  auto second = Fit("relative", data, 0, 300);
  ASSERT_TRUE(mean.ok() && first.ok() && second.ok());
  ASSERT_EQ(mean->pieces.size(), 2U);
  EXPECT_EQ(mean->pieces[1].recipe, "relative");
  for (std::size_t i = 0; i < 10; ++i) {
    const double expected = (first->model->Predict(data.row(i)) + second->model->Predict(data.row(i))) / 2;
    EXPECT_EQ(mean->model->Predict(data.row(i)), expected);
  }
}

TEST(FitRecipe, AssembledPiecesAnswerTheSameBits) {
  const Dataset data = MakeTestRows(300, 3, 4);
  for (const Recipe& recipe : Recipes()) {
    auto fitted = Fit(recipe.name, data, 0, 300);
    ASSERT_TRUE(fitted.ok());
    auto assembled = AssembleModel(fitted->pieces, data.width());
    ASSERT_TRUE(assembled.ok()) << assembled.error().ToString();
    for (std::size_t i = 0; i < 50; ++i) {
      EXPECT_EQ((*assembled)->Predict(data.row(i)), fitted->model->Predict(data.row(i)));
    }
  }
}

TEST(FitRecipe, EachMistakeIsNamed) {
  const Dataset data = MakeTestRows(100, 3, 1);
  const auto message = [&](const Recipe& recipe) {
    const auto fitted = FitRecipe(recipe, Recipes(), data, 0, 100, 1);
    return fitted.ok() ? std::string("fitted") : fitted.error().ToString();
  };
  EXPECT_NE(message({.name = "a", .learner = "oracle", .features = {"f0"}}).find("oracle"), std::string::npos);
  EXPECT_NE(message({.name = "a", .learner = "ridge", .features = {"f9"}}).find("f9"), std::string::npos);
  EXPECT_NE(message({.name = "a", .learner = "ridge", .features = {"f0"}, .relative_to = "g"}).find("\"g\""),
            std::string::npos);
  EXPECT_NE(message({.name = "a", .learner = "ridge"}).find("features"), std::string::npos);
  EXPECT_NE(message({.name = "a", .learner = "mean"}).find("members"), std::string::npos);
  EXPECT_NE(message({.name = "a", .learner = "mean", .members = {"zz"}}).find("zz"), std::string::npos);
  EXPECT_NE(message({.name = "a", .learner = "mean", .members = {"both"}}).find("itself a mean"), std::string::npos);
  EXPECT_NE(message({.name = "a", .learner = "ridge", .features = {"f0"}, .window_rows = 10}).find("30 rows"),
            std::string::npos);
  EXPECT_FALSE(FitRecipe(Recipes()[0], Recipes(), data, 0, 101, 1).ok());
}

TEST(FitRecipe, WhatClassesCannotDoIsNamed) {
  const std::vector<Recipe> recipes = {
      {.name = "real", .learner = "ridge", .features = {"f0"}},
      {.name = "one", .learner = "ridge", .features = {"f0"}, .objective = Objective::kBinary},
      {.name = "many", .learner = "ridge", .features = {"f0"}, .objective = Objective::kMulticlass},
  };
  const Dataset data = MakeTestRows(100, 3, 1);
  const auto message = [&](const Recipe& recipe) {
    const auto fitted = FitRecipe(recipe, recipes, data, 0, 100, 1);
    return fitted.ok() ? std::string("fitted") : fitted.error().ToString();
  };
  EXPECT_NE(message(recipes[1]).find("ridge learns regression, not binary"), std::string::npos);
  EXPECT_NE(message({.name = "a", .learner = "mean", .members = {"real", "one"}}).find("another objective"),
            std::string::npos);
  EXPECT_NE(message({.name = "a", .learner = "mean", .members = {"many", "many"}}).find("multiclass"),
            std::string::npos);
  EXPECT_NE(message({.name = "a", .learner = "mean", .objective = Objective::kBinary, .members = {"one"}})
                .find("objective of its members"),
            std::string::npos);
  EXPECT_NE(
      message(
          {.name = "a", .learner = "ridge", .features = {"f1"}, .relative_to = "f0", .objective = Objective::kBinary})
          .find("relative_to"),
      std::string::npos);
}

#if defined(HONE_HAVE_LIGHTGBM) && defined(HONE_HAVE_XGBOOST)
TEST(FitRecipe, AMeanOfBinaryRecipesIsTheMeanOfProbabilities) {
  Dataset data = MakeTestRows(300, 3, 3);
  for (double& y : data.y) y = y > 0;
  const std::vector<Recipe> recipes = {
      {.name = "l", .learner = "lightgbm", .features = {"f0"}, .objective = Objective::kBinary},
      {.name = "x", .learner = "xgboost", .features = {"f0", "f1"}, .objective = Objective::kBinary},
      {.name = "m", .learner = "mean", .members = {"l", "x"}},
  };
  auto mean = FitRecipe(recipes[2], recipes, data, 0, 300, 1);
  ASSERT_TRUE(mean.ok()) << mean.error().ToString();
  EXPECT_EQ(ObjectiveOf(recipes[2], recipes), Objective::kBinary);
  auto assembled = AssembleModel(mean->pieces, 3);
  ASSERT_TRUE(assembled.ok());
  for (std::size_t i = 0; i < 300; ++i) {
    const double p = mean->model->Predict(data.row(i));
    EXPECT_TRUE(p > 0 && p < 1) << p;
    EXPECT_EQ((*assembled)->Predict(data.row(i)), p);
  }
}
#endif

TEST(CheckRecipes, FindsTheMistakeWithoutFitting) {
  const std::vector<std::string> names = {"f0", "f1", "f2"};
  EXPECT_TRUE(CheckRecipes(Recipes(), names).ok());
  std::vector<Recipe> recipes = Recipes();
  recipes.push_back(recipes.front());
  EXPECT_FALSE(CheckRecipes(recipes, names).ok());
  recipes = Recipes();
  recipes[0].parameters["lamda"] = 1;
  const Status status = CheckRecipes(recipes, names);
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().key, "levels");
  EXPECT_NE(status.error().message.find("lamda"), std::string::npos);
  EXPECT_FALSE(CheckRecipes(Recipes(), std::vector<std::string>{"f0", "f1"}).ok());
  recipes = Recipes();
  recipes[1].objective = Objective::kBinary;
  EXPECT_NE(CheckRecipes(recipes, names).error().message.find("ridge does not learn binary"), std::string::npos);
  recipes = Recipes();
  recipes[2].objective = Objective::kBinary;
  EXPECT_NE(CheckRecipes(recipes, names).error().message.find("relative_to"), std::string::npos);
}

}  // namespace
}  // namespace hone
