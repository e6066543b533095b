// A model as a user defines it: what is predicted from what, and the recipes that compete for it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "features/store/feature_names.h"
#include "features/store/pinned_features.h"
#include "learning/recipe.h"

namespace hone {

struct ModelDefinition {
  std::string name;                   // [a-z0-9_-], 1-64 characters
  std::vector<std::string> features;  // the row every recipe picks from, and every prediction is logged with
  PinnedFeatures pinned;              // the registered features among them, and those that expressions name
  std::string target = "volatility";  // features/targets/
  int horizon = 5;                    // bars until the outcome is known, 1-1000
  std::string persistence;            // the feature whose value is the naive answer; always a line. "" of classes
  std::vector<Recipe> recipes;        // each with window_rows 0; at least one
  std::vector<int> windows = {0, 1008, 504};  // each recipe competes once per training window; 0 is all history
};

// Whether its answers are one probability for each class of its target: all its recipes are multiclass then. Such a
// model has no loop, which weighs one number against one outcome: its versions are served as they stand.
bool AnswersClasses(const ModelDefinition& model);

// The built-in model `volatility`: log Parkinson variance of the next five bars, from ridge on 1/5/22-bar volatility,
// trees on levels, trees relative to the 22-bar level, and the mean of the first and the last.
ModelDefinition VolatilityModel();

// Where the names of registered features are looked up, beside those that the YAML itself keeps.
struct FeatureSources {
  const RegisteredFeatures* registered = nullptr;  // null: no store
  const PinnedFeatures* kept = nullptr;            // of the model as it is there already; null: it is new
};

// Reads a model YAML (see examples/model.yaml). An unknown key is an error with its line and a suggestion. Registered
// features are named "trend@2" afterwards, wherever the YAML names them, and `pinned` has their formulas.
Result<ModelDefinition> ReadModelDefinition(std::string_view yaml, const std::string& source,
                                            const FeatureSources& sources = {});

// The definition as YAML that ReadModelDefinition reads back to the same, without a store.
std::string WriteModelDefinition(const ModelDefinition& model);

// Every recipe once per window, windows outermost: {a, b, a_1008, b_1008, ...}. Means refer to members of their window.
std::vector<Recipe> CompetingRecipes(const ModelDefinition& model);
// The recipes of one window (rows; 0: all history).
std::vector<Recipe> RecipesOfWindow(const ModelDefinition& model, int window_rows);

}  // namespace hone
