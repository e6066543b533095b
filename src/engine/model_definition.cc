#include "engine/model_definition.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "base/yaml.h"
#include "features/feature_set.h"
#include "features/targets/target.h"

namespace hone {
namespace {

constexpr std::size_t kMostRecipes = 32;
constexpr std::size_t kMostFeatures = 256;
constexpr std::size_t kMostFeatureBytes = 256;  // what a manifest takes as a name

bool IsModelName(const std::string& name) {
  const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-'; };
  return !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), fits);
}

bool Holds(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// The loop weighs one number per row against one outcome.
void ReadObjective(YamlMap& map, const ModelDefinition& model, Recipe& recipe) {
  std::string name(ObjectiveName(recipe.objective));
  map.ReadChoice("objective", name, {kObjectiveNames.begin(), kObjectiveNames.end()});
  if (name == "multiclass") {
    map.Fail("objective",
             "multiclass recipes answer one number per class; a model that hone trains answers one number");
  }
  if (name != "binary") return;
  recipe.objective = Objective::kBinary;
  if (recipe.learner == "mean") map.Fail("objective", "a mean has the objective of its members");
  if (!recipe.relative_to.empty()) map.Fail("relative_to", "goes with the objective regression only");
  if (!IsBinaryTarget(model.target)) {
    map.Fail("objective",
             fmt::format("binary asks for a target of 0 and 1, direction; {} is a real number", model.target));
  }
}

Recipe ReadRecipe(YamlMap map, const ModelDefinition& model, const std::vector<std::string>& earlier) {
  Recipe recipe;
  map.Require("name");
  map.Read("name", recipe.name);
  if (map.Has("name") && !IsModelName(recipe.name)) map.Fail("name", "must be 1 to 64 of a-z, 0-9, _ and -");
  if (Holds(earlier, recipe.name)) map.Fail("name", "names a recipe that exists already: " + recipe.name);
  map.Require("learner");
  map.ReadChoice("learner", recipe.learner, {"ridge", "lightgbm", "xgboost", "mean"});
  map.Read("features", recipe.features);
  map.Read("relative_to", recipe.relative_to);
  ReadObjective(map, model, recipe);
  map.Read("parameters", recipe.parameters);
  map.Read("members", recipe.members);
  for (const std::string& feature : recipe.features) {
    if (!Holds(model.features, feature)) map.Fail("features", feature + " is not in the model's feature list");
  }
  if (!recipe.relative_to.empty() && !Holds(model.features, recipe.relative_to)) {
    map.Fail("relative_to", recipe.relative_to + " is not in the model's feature list");
  }
  for (const std::string& member : recipe.members) {
    if (!Holds(earlier, member)) map.Fail("members", member + " is not a recipe listed before this one");
  }
  const bool is_mean = recipe.learner == "mean";
  if (is_mean && recipe.members.size() < 2) map.Fail("learner", "a mean needs at least two members");
  if (!is_mean && recipe.features.empty()) map.Fail("learner", "needs features to learn from");
  if (!is_mean && !recipe.members.empty()) map.Fail("members", "only a mean has members");
  return recipe;
}

void ReadFeatures(YamlMap& map, ModelDefinition& model) {
  map.Require("features");
  model.features.clear();
  map.Read("features", model.features);
  if (!map.Has("features")) return;
  if (model.features.size() > kMostFeatures) {
    return map.Fail("features", fmt::format("at most {} features", kMostFeatures));
  }
  for (const std::string& name : model.features) {
    if (name.size() <= kMostFeatureBytes) continue;
    return map.Fail("features", fmt::format("a feature of {} bytes; at most {}", name.size(), kMostFeatureBytes));
  }
  const auto set = FeatureSet::Make(model.features, {});
  if (!set.ok()) map.Fail("features", set.error().ToString());
}

void ReadRecipes(YamlMap& map, ModelDefinition& model) {
  map.Require("recipes");
  model.recipes.clear();
  std::vector<std::string> names;
  for (const YamlMap& entry : map.Maps("recipes")) {
    model.recipes.push_back(ReadRecipe(entry, model, names));
    names.push_back(model.recipes.back().name);
  }
  const bool fits = !model.recipes.empty() && model.recipes.size() <= kMostRecipes;
  if (map.Has("recipes") && !fits) map.Fail("recipes", "1 to 32 recipes");
}

// Expressions hold what YAML would take for its own.
std::string Quoted(const std::string& name) {
  const auto plain = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-'; };
  return !name.empty() && std::all_of(name.begin(), name.end(), plain) ? name : "'" + name + "'";
}

std::string Flow(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + Quoted(name);
  return "[" + text + "]";
}

std::string WriteRecipe(const Recipe& recipe) {
  std::string text = fmt::format("  - name: {}\n    learner: {}\n", recipe.name, recipe.learner);
  if (!recipe.features.empty()) text += "    features: " + Flow(recipe.features) + "\n";
  if (!recipe.relative_to.empty()) text += "    relative_to: " + Quoted(recipe.relative_to) + "\n";
  if (recipe.objective != Objective::kRegression) {
    text += fmt::format("    objective: {}\n", ObjectiveName(recipe.objective));
  }
  if (!recipe.members.empty()) text += "    members: " + Flow(recipe.members) + "\n";
  if (!recipe.parameters.empty()) text += "    parameters:\n";
  for (const auto& [name, value] : recipe.parameters) text += fmt::format("      {}: {}\n", name, value);
  return text;
}

}  // namespace

std::string WriteModelDefinition(const ModelDefinition& model) {
  std::string text = fmt::format("name: {}\ntarget: {}\nhorizon: {}\npersistence: {}\n", model.name, model.target,
                                 model.horizon, Quoted(model.persistence));
  text += "features: " + Flow(model.features) + "\n";
  text += fmt::format("windows: [{}]\nrecipes:\n", fmt::join(model.windows, ", "));
  for (const Recipe& recipe : model.recipes) text += WriteRecipe(recipe);
  return text;
}

Result<ModelDefinition> ReadModelDefinition(std::string_view yaml, const std::string& source) {
  HONE_ASSIGN_OR_RETURN(const YamlDocument document, YamlDocument::Parse(yaml, source));
  YamlMap map = document.root();
  ModelDefinition model;
  map.Require("name");
  map.Read("name", model.name);
  if (map.Has("name") && !IsModelName(model.name)) map.Fail("name", "must be 1 to 64 of a-z, 0-9, _ and -");
  map.ReadChoice("target", model.target, TargetNames());
  map.Read("horizon", model.horizon, {.at_least = 1, .at_most = 1000});
  ReadFeatures(map, model);
  map.Require("persistence");
  map.Read("persistence", model.persistence);
  if (map.Has("persistence") && !Holds(model.features, model.persistence))
    map.Fail("persistence", "must be one of the model's features");
  map.Read("windows", model.windows, {.at_least = 0, .at_most = 1e6});
  if (model.windows.empty() || model.windows.size() > 8) map.Fail("windows", "1 to 8 training windows");
  ReadRecipes(map, model);
  HONE_RETURN_IF_ERROR(document.Finish());
  return model;
}

}  // namespace hone
