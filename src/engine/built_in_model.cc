#include <fmt/format.h>

#include "engine/model_definition.h"

namespace hone {
namespace {

Recipe Named(std::string name, std::string learner) {
  Recipe recipe;
  recipe.name = std::move(name);
  recipe.learner = std::move(learner);
  return recipe;
}

std::string WindowedName(const std::string& name, int window_rows) {
  return window_rows == 0 ? name : fmt::format("{}_{}", name, window_rows);
}

}  // namespace

ModelDefinition VolatilityModel() {
  ModelDefinition model;
  model.name = "volatility";
  model.features = {"log_range_1",   "log_range_5",   "log_range_22",     "log_trimmed_range_5", "log_trimmed_range_22",
                    "range_1_to_22", "range_5_to_22", "realised_5_to_22", "return_1_scaled",     "return_5_scaled"};
  model.persistence = "log_range_22";

  Recipe ridge = Named("har_ridge", "ridge");
  ridge.features = {"log_range_1", "log_trimmed_range_5", "log_trimmed_range_22"};

  Recipe levels = Named("levels_trees", "lightgbm");
  levels.features = {"log_range_1", "log_range_5", "log_range_22"};

  Recipe relative = Named("relative_trees", "lightgbm");
  relative.features = {"range_1_to_22", "range_5_to_22", "realised_5_to_22", "return_1_scaled", "return_5_scaled"};
  relative.relative_to = "log_trimmed_range_22";

  Recipe mean = Named("mean", "mean");
  mean.members = {"har_ridge", "relative_trees"};

  model.recipes = {ridge, levels, relative, mean};
  return model;
}

std::vector<Recipe> RecipesOfWindow(const ModelDefinition& model, int window_rows) {
  std::vector<Recipe> recipes = model.recipes;
  for (Recipe& recipe : recipes) {
    recipe.name = WindowedName(recipe.name, window_rows);
    recipe.window_rows = window_rows;
    for (std::string& member : recipe.members) member = WindowedName(member, window_rows);
  }
  return recipes;
}

std::vector<Recipe> CompetingRecipes(const ModelDefinition& model) {
  std::vector<Recipe> all;
  for (const int window : model.windows) {
    const std::vector<Recipe> recipes = RecipesOfWindow(model, window);
    all.insert(all.end(), recipes.begin(), recipes.end());
  }
  return all;
}

}  // namespace hone
