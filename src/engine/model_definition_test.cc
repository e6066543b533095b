#include "engine/model_definition.h"

#include <gtest/gtest.h>

#include "learning/fit_recipe.h"

namespace hone {
namespace {

const char kHead[] = "name: mine\nfeatures: [log_range_1, log_range_22]\npersistence: log_range_22\n";
const char kRidge[] = "recipes:\n  - {name: a, learner: ridge, features: [log_range_1]}\n";

std::string ErrorOf(const std::string& yaml) {
  const auto model = ReadModelDefinition(yaml, "my.yaml");
  return model.ok() ? "" : model.error().ToString();
}

std::string WithRecipe(const std::string& recipe) { return std::string(kHead) + kRidge + "  - " + recipe + "\n"; }

bool Says(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST(ModelDefinition, TheLeastThereMustBe) {
  const auto model = ReadModelDefinition(std::string(kHead) + kRidge, "my.yaml");
  ASSERT_TRUE(model.ok()) << model.error().ToString();
  EXPECT_EQ(model->name, "mine");
  EXPECT_EQ(model->target, "volatility");
  EXPECT_EQ(model->horizon, 5);
  EXPECT_EQ(model->windows, (std::vector<int>{0, 1008, 504}));
  ASSERT_EQ(model->recipes.size(), 1u);
  EXPECT_EQ(model->recipes[0].features, (std::vector<std::string>{"log_range_1"}));
}

TEST(ModelDefinition, ReadsEveryKey) {
  const auto model = ReadModelDefinition(
      WithRecipe(
          "{name: b, learner: ridge, features: [log_range_22], relative_to: log_range_1, parameters: {lambda: "
          "0.5}}\n  - {name: c, learner: mean, members: [a, b]}\nwindows: [0, 100]\nhorizon: 22\ntarget: return"),
      "my.yaml");
  ASSERT_TRUE(model.ok()) << model.error().ToString();
  EXPECT_EQ(model->target, "return");
  EXPECT_EQ(model->horizon, 22);
  ASSERT_EQ(model->recipes.size(), 3u);
  EXPECT_EQ(model->recipes[1].relative_to, "log_range_1");
  EXPECT_EQ(model->recipes[1].parameters.at("lambda"), 0.5);
  EXPECT_EQ(model->recipes[2].members, (std::vector<std::string>{"a", "b"}));
}

TEST(ModelDefinition, ExpressionsAreFeaturesAndAreWrittenBackAsTheyWere) {
  const std::string trend = "zscore(close / ema(close, 20) - 1, 100)", move = "if(close > open, 1, -1) * log(volume)";
  const auto model = ReadModelDefinition(
      "name: mine\nfeatures: ['" + trend + "', \"" + move + "\", macd]\npersistence: '" + move +
          "'\nrecipes:\n  - {name: a, learner: ridge, features: ['" + trend + "'], relative_to: '" + move + "'}\n",
      "my.yaml");
  ASSERT_TRUE(model.ok()) << model.error().ToString();
  EXPECT_EQ(model->features, (std::vector<std::string>{trend, move, "macd"}));
  const auto again = ReadModelDefinition(WriteModelDefinition(*model), "written");
  ASSERT_TRUE(again.ok()) << again.error().ToString();
  EXPECT_EQ(again->features, model->features);
  EXPECT_EQ(again->persistence, move);
  EXPECT_EQ(again->recipes[0].features, model->recipes[0].features);
  EXPECT_EQ(again->recipes[0].relative_to, move);
}

TEST(ModelDefinition, AWrongExpressionIsToldWithItsPlace) {
  const std::string error =
      ErrorOf("name: a\nfeatures: [macd, 'log(close) + emma(close, 3)']\npersistence: macd\n" + std::string(kRidge));
  EXPECT_TRUE(Says(error, "my.yaml:2: features: expression:1:14: ")) << error;
  EXPECT_TRUE(Says(error, "did you mean 'ema'?")) << error;
  const std::string sum = "close" + std::string(90, ' ') + "+ " + std::string(170, ' ') + "1";
  EXPECT_TRUE(Says(ErrorOf("name: a\nfeatures: [macd, '" + sum + "']\npersistence: macd\n" + std::string(kRidge)),
                   "at most 256"));
}

TEST(ModelDefinition, ABinaryRecipeGoesWithATargetOfZeroAndOne) {
  const auto model = ReadModelDefinition(
      WithRecipe("{name: b, learner: xgboost, features: [log_range_1], objective: binary}") + "target: direction\n",
      "my.yaml");
  ASSERT_TRUE(model.ok()) << model.error().ToString();
  EXPECT_EQ(model->recipes[0].objective, Objective::kRegression);
  EXPECT_EQ(model->recipes[1].objective, Objective::kBinary);
  const auto again = ReadModelDefinition(WriteModelDefinition(*model), "written");
  ASSERT_TRUE(again.ok()) << again.error().ToString();
  EXPECT_EQ(again->recipes[1].objective, Objective::kBinary);
}

const char kClasses[] =
    "name: mine\ntarget: move\nfeatures: [log_range_1, log_range_22]\nrecipes:\n"
    "  - {name: a, learner: xgboost, features: [log_range_1], objective: multiclass}\n";

TEST(ModelDefinition, AMulticlassRecipeLearnsTheClassesOfItsTarget) {
  const auto model = ReadModelDefinition(kClasses, "my.yaml");
  ASSERT_TRUE(model.ok()) << model.error().ToString();
  EXPECT_TRUE(AnswersClasses(*model));
  EXPECT_EQ(model->recipes[0].objective, Objective::kMulticlass);
  EXPECT_EQ(model->recipes[0].parameters.at("classes"), 3);
  EXPECT_EQ(model->persistence, "");
  const auto again = ReadModelDefinition(WriteModelDefinition(*model), "written");
  ASSERT_TRUE(again.ok()) << again.error().ToString();
  EXPECT_EQ(WriteModelDefinition(*again), WriteModelDefinition(*model));
  EXPECT_FALSE(AnswersClasses(VolatilityModel()));
}

TEST(ModelDefinition, ARecipeMaySelectItsFeaturesAnewForEachFit) {
  const auto model = ReadModelDefinition(
      WithRecipe("{name: b, learner: ridge, features: [log_range_1, log_range_22], select: {always: [log_range_22], "
                 "alpha: 0.05}}"),
      "my.yaml");
  ASSERT_TRUE(model.ok()) << model.error().ToString();
  EXPECT_FALSE(model->recipes[0].selection);
  EXPECT_EQ(model->recipes[1].selection, (FeatureSelection{{"log_range_22"}, 0.05, 5}));
  EXPECT_EQ(CompetingRecipes(*model)[3].selection, model->recipes[1].selection) << "in every window";
  EXPECT_TRUE(CheckRecipes(model->recipes, model->features).ok());
  const std::string written = WriteModelDefinition(*model);
  const auto again = ReadModelDefinition(written, "written");
  ASSERT_TRUE(again.ok()) << again.error().ToString();
  EXPECT_EQ(again->recipes[1].selection, model->recipes[1].selection);
  EXPECT_EQ(WriteModelDefinition(*again), written);

  const auto refusal = [](const std::string& select) {
    return ErrorOf(WithRecipe("{name: b, learner: ridge, features: [log_range_22], select: " + select + "}"));
  };
  EXPECT_EQ(refusal("{alpha: 0.1}"), "my.yaml:6: recipes[1].select.always: is required");
  EXPECT_EQ(refusal("{always: [log_range_1]}"),
            "my.yaml:6: recipes[1].select.always: log_range_1 is not in the recipe's feature list");
  EXPECT_EQ(refusal("{always: [log_range_22], alpha: 0.7}"),
            "my.yaml:6: recipes[1].select.alpha: must be within (0, 0.5], is 0.7");
  EXPECT_TRUE(Says(refusal("{always: [log_range_22], fold: 3}"), "did you mean folds?"));
}

TEST(ModelDefinition, AnUnknownKeyNamesItsLineAndTheNearest) {
  const std::string error = ErrorOf(std::string(kHead) + "horizn: 3\n" + kRidge);
  EXPECT_TRUE(Says(error, "my.yaml:4")) << error;
  EXPECT_TRUE(Says(error, "did you mean horizon")) << error;
  const std::string recipe = ErrorOf(WithRecipe("{name: b, learner: ridge, feature: [log_range_1]}"));
  EXPECT_TRUE(Says(recipe, "my.yaml:6")) << recipe;
  EXPECT_TRUE(Says(recipe, "feature")) << recipe;
}

TEST(ModelDefinition, WhatMustBeThereIsAskedFor) {
  EXPECT_TRUE(Says(ErrorOf(""), "required"));
  EXPECT_TRUE(Says(ErrorOf("name: a\n"), "features"));
  EXPECT_TRUE(Says(ErrorOf("name: a\nfeatures: [macd]\npersistence: macd\n"), "recipes"));
  EXPECT_TRUE(Says(ErrorOf(std::string(kHead) + "recipes: []\n"), "recipes"));
  EXPECT_TRUE(Says(ErrorOf(WithRecipe("{learner: ridge, features: [log_range_1]}")), "name"));
  EXPECT_TRUE(Says(ErrorOf(WithRecipe("{name: b, features: [log_range_1]}")), "learner"));
  EXPECT_TRUE(Says(ErrorOf(WithRecipe("{name: b, learner: ridge}")), "needs features"));
}

struct RefusedDefinition {
  std::string yaml;
  const char* part;
};

TEST(ModelDefinition, WhatCannotBeIsRefusedByName) {
  const std::string recipes = kRidge;
  for (const RefusedDefinition& refused : std::initializer_list<RefusedDefinition>{
           {"name: My Model\nfeatures: [macd]\npersistence: macd\n" + recipes, "name:"},
           {"name: " + std::string(65, 'a') + "\nfeatures: [macd]\npersistence: macd\n" + recipes, "name:"},
           {"name: a\nfeatures: [log_rnage_5]\npersistence: log_rnage_5\n" + recipes, "log_range_5"},
           {"name: a\nfeatures: [macd]\npersistence: rsi_14\n" + recipes, "persistence:"},
           {kHead + recipes + "horizon: 0\n", "horizon:"},
           {kHead + recipes + "horizon: 1001\n", "horizon:"},
           {kHead + recipes + "horizon: soon\n", "horizon:"},
           {kHead + recipes + "target: volatilty\n", "did you mean volatility"},
           {kHead + recipes + "windows: []\n", "windows:"},
           {kHead + recipes + "windows: [-1]\n", "windows"},
           {kHead + recipes + "windows: [0, 1, 2, 3, 4, 5, 6, 7, 8]\n", "windows:"},
           {WithRecipe("{name: a, learner: ridge, features: [log_range_1]}"), "exists already"},
           {WithRecipe("{name: B!, learner: ridge, features: [log_range_1]}"), "name:"},
           {WithRecipe("{name: b, learner: rigde, features: [log_range_1]}"), "did you mean ridge"},
           {WithRecipe("{name: b, learner: ridge, features: [macd]}"), "not in the model's feature list"},
           {WithRecipe("{name: b, learner: ridge, features: [log_range_1], relative_to: macd}"),
            "not in the model's feature list"},
           {WithRecipe("{name: b, learner: mean}"), "at least two members"},
           {WithRecipe("{name: b, learner: mean, members: [a]}"), "at least two members"},
           {WithRecipe("{name: b, learner: mean, members: [a, c]}"), "not a recipe listed before"},
           {WithRecipe("{name: b, learner: ridge, features: [log_range_1], members: [a, a]}"), "only a mean"},
           {WithRecipe("{name: b, learner: ridge, features: [log_range_1], parameters: {lambda: much}}"), "lambda"},
           {WithRecipe("{name: b, learner: xgboost, features: [log_range_1], objective: binary}"),
            "binary asks for a target of 0 and 1"},
           {WithRecipe("{name: b, learner: xgboost, features: [log_range_1], objective: multiclass}"),
            "multiclass asks for a target of classes"},
           {WithRecipe("{name: b, learner: xgboost, features: [log_range_1], objective: multiclass}") +
                "target: move\n",
            "all must have objective multiclass"},
           {WithRecipe("{name: b, learner: xgboost, features: [log_range_1], objective: binary}") + "target: move\n",
            "move is one of several classes"},
           {std::string(kClasses) + "persistence: log_range_22\n", "classes have no naive answer"},
           {std::string(kClasses) + "  - {name: b, learner: xgboost, features: [log_range_1], objective: multiclass, "
                                    "parameters: {classes: 4}}\n",
            "classes must be 3"},
           {WithRecipe("{name: b, learner: xgboost, features: [log_range_1], objective: bnary}"),
            "did you mean binary"},
           {WithRecipe("{name: b, learner: xgboost, features: [log_range_1], relative_to: log_range_22, objective: "
                       "binary}") +
                "target: direction\n",
            "regression only"},
           {WithRecipe("{name: b, learner: mean, members: [a, a], objective: binary}") + "target: direction\n",
            "the objective of its members"},
       }) {
    const std::string error = ErrorOf(refused.yaml);
    EXPECT_TRUE(Says(error, refused.part)) << refused.yaml << "\n" << error;
    EXPECT_TRUE(Says(error, "my.yaml")) << error;
  }
}

TEST(ModelDefinition, MoreRecipesThanAnyoneNeedsAreRefused) {
  std::string yaml = std::string(kHead) + "recipes:\n";
  for (int i = 0; i < 33; ++i)
    yaml += "  - {name: r" + std::to_string(i) + ", learner: ridge, features: [log_range_1]}\n";
  EXPECT_TRUE(Says(ErrorOf(yaml), "1 to 32 recipes"));
}

TEST(ModelDefinition, EachRecipeCompetesOncePerWindow) {
  const ModelDefinition model = VolatilityModel();
  const std::vector<Recipe> all = CompetingRecipes(model);
  ASSERT_EQ(all.size(), model.recipes.size() * model.windows.size());
  EXPECT_TRUE(CheckRecipes(all, model.features).ok());
  for (std::size_t i = 0; i < model.recipes.size(); ++i) {
    EXPECT_EQ(all[i].name, model.recipes[i].name);
    EXPECT_EQ(all[i].window_rows, 0);
    const Recipe& windowed = all[i + model.recipes.size()];
    EXPECT_EQ(windowed.name, model.recipes[i].name + "_1008");
    EXPECT_EQ(windowed.window_rows, 1008);
    for (std::size_t m = 0; m < windowed.members.size(); ++m) {
      EXPECT_EQ(windowed.members[m], model.recipes[i].members[m] + "_1008");
    }
  }
}

}  // namespace
}  // namespace hone
