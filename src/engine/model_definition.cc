#include "engine/model_definition.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <optional>

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

bool IsMulticlass(const Recipe& recipe) { return recipe.objective == Objective::kMulticlass; }

bool Holds(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// The columns that each word of the model's list of features stands for.
using Columns = std::map<std::string, std::vector<std::string>>;

void PutColumns(const Columns& columns, std::vector<std::string>& words) {
  std::vector<std::string> put;
  for (const std::string& word : words) {
    const auto found = columns.find(word);
    if (found == columns.end()) put.push_back(word);
    if (found != columns.end()) put.insert(put.end(), found->second.begin(), found->second.end());
  }
  words = std::move(put);
}

// Of a key that takes one number.
void PutColumn(YamlMap& map, const char* key, const Columns& columns, std::string& word) {
  const auto found = columns.find(word);
  if (found == columns.end()) return;
  if (found->second.size() != 1) {
    return map.Fail(key, fmt::format("{} is an embedding of {} features; name one of them: {}", word,
                                     found->second.size(), found->second.front()));
  }
  word = found->second.front();
}

void ReadClasses(YamlMap& map, const ModelDefinition& model, Recipe& recipe) {
  const int classes = TargetClasses(model.target);
  if (recipe.objective == Objective::kBinary && classes != 2) {
    map.Fail("objective", fmt::format("binary asks for a target of 0 and 1, direction; {} is {}", model.target,
                                      classes == 0 ? "a real number" : "one of several classes"));
  }
  if (recipe.objective != Objective::kMulticlass) return;
  if (classes == 0) {
    map.Fail("objective", fmt::format("multiclass asks for a target of classes, direction or move; {} is a real number",
                                      model.target));
    return;
  }
  const double given = recipe.parameters.try_emplace("classes", classes).first->second;
  if (given != classes) map.Fail("parameters", fmt::format("classes must be {}, those of {}", classes, model.target));
}

// After parameters and learner.
void ReadObjective(YamlMap& map, const ModelDefinition& model, Recipe& recipe) {
  std::string name(ObjectiveName(recipe.objective));
  map.ReadChoice("objective", name, {kObjectiveNames.begin(), kObjectiveNames.end()});
  const auto found = std::find(kObjectiveNames.begin(), kObjectiveNames.end(), name);
  if (found == kObjectiveNames.end() || found == kObjectiveNames.begin()) return;
  recipe.objective = static_cast<Objective>(found - kObjectiveNames.begin());
  if (recipe.learner == "mean") map.Fail("objective", "a mean has the objective of its members");
  if (!recipe.relative_to.empty()) map.Fail("relative_to", "goes with the objective regression only");
  ReadClasses(map, model, recipe);
}

// After features and learner.
void ReadSelection(YamlMap map, const Columns& columns, Recipe& recipe) {
  if (!map.present()) return;
  FeatureSelection& selection = recipe.selection.emplace();
  map.Require("always");
  map.Read("always", selection.always);
  PutColumns(columns, selection.always);
  map.Read("alpha", selection.alpha, {.above = 0, .at_most = 0.5});
  map.Read("folds", selection.folds, {.at_least = 2, .at_most = 20});
  if (recipe.learner == "mean") map.Fail("always", "a mean has no features to select from");
  if (map.Has("always") && selection.always.empty()) map.Fail("always", "names at least one feature");
  for (const std::string& feature : selection.always) {
    if (!Holds(recipe.features, feature)) map.Fail("always", feature + " is not in the recipe's feature list");
  }
}

Recipe ReadRecipe(YamlMap map, const ModelDefinition& model, const Columns& columns,
                  const std::vector<std::string>& earlier) {
  Recipe recipe;
  map.Require("name");
  map.Read("name", recipe.name);
  if (map.Has("name") && !IsModelName(recipe.name)) map.Fail("name", "must be 1 to 64 of a-z, 0-9, _ and -");
  if (Holds(earlier, recipe.name)) map.Fail("name", "names a recipe that exists already: " + recipe.name);
  map.Require("learner");
  map.ReadChoice("learner", recipe.learner, {"ridge", "lightgbm", "xgboost", "mean"});
  map.Read("features", recipe.features);
  PutColumns(columns, recipe.features);
  map.Read("relative_to", recipe.relative_to);
  PutColumn(map, "relative_to", columns, recipe.relative_to);
  map.Read("parameters", recipe.parameters);
  ReadObjective(map, model, recipe);
  ReadSelection(map.Map("select"), columns, recipe);
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

// What a model keeps of the registered features it was trained with. Nothing where one of them is wrong.
std::optional<PinnedFeatures> ReadPinned(YamlMap& map) {
  PinnedFeatures pinned;
  bool right = true;
  for (YamlMap& entry : map.Maps("registered")) {
    PinnedFeature feature;
    for (const char* key : {"name", "expression", "definition"}) entry.Require(key);
    entry.Read("name", feature.key);
    entry.Read("expression", feature.expression);
    entry.Read("definition", feature.hash);
    const Status added = pinned.Add(std::move(feature));
    if (!added.ok() && entry.Has("name") && entry.Has("expression") && entry.Has("definition")) {
      entry.Fail("name", added.error().ToString());
    }
    right = right && added.ok();
  }
  return right ? std::optional(std::move(pinned)) : std::nullopt;
}

// Names become columns: in the list of features, and by `columns` wherever the YAML names them again.
Status ResolveNames(FeatureNames names, ModelDefinition& model, Columns& columns) {
  for (const std::string& word : model.features) {
    HONE_ASSIGN_OR_RETURN(columns[word], names.Columns(word));
  }
  HONE_ASSIGN_OR_RETURN(model.pinned, names.Pinned());
  PutColumns(columns, model.features);
  HONE_RETURN_IF_ERROR(FeatureSet::Make(model.features, {}, model.pinned.definitions()));
  return OkStatus();
}

void ReadFeatures(YamlMap& map, const FeatureSources& sources, ModelDefinition& model, Columns& columns) {
  std::optional<PinnedFeatures> kept = ReadPinned(map);
  if (kept && kept->empty() && sources.kept != nullptr) kept = *sources.kept;
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
  if (!kept) return;
  const Status resolved = ResolveNames({sources.registered, *std::move(kept)}, model, columns);
  if (!resolved.ok()) return map.Fail("features", resolved.error().ToString());
  if (model.features.size() > kMostFeatures) map.Fail("features", fmt::format("at most {} features", kMostFeatures));
}

void ReadRecipes(YamlMap& map, const Columns& columns, ModelDefinition& model) {
  map.Require("recipes");
  model.recipes.clear();
  std::vector<std::string> names;
  for (const YamlMap& entry : map.Maps("recipes")) {
    model.recipes.push_back(ReadRecipe(entry, model, columns, names));
    names.push_back(model.recipes.back().name);
  }
  const bool fits = !model.recipes.empty() && model.recipes.size() <= kMostRecipes;
  if (map.Has("recipes") && !fits) map.Fail("recipes", "1 to 32 recipes");
  const auto classes = std::count_if(model.recipes.begin(), model.recipes.end(), IsMulticlass);
  if (classes != 0 && TargetClasses(model.target) != 0 && !AnswersClasses(model)) {
    map.Fail("recipes",
             "one answers classes, so all must have objective multiclass: several numbers and one number are "
             "different models, and several numbers have no mean");
  }
}

void ReadPersistence(YamlMap& map, const Columns& columns, ModelDefinition& model) {
  map.Read("persistence", model.persistence);
  PutColumn(map, "persistence", columns, model.persistence);
  if (AnswersClasses(model)) {
    if (map.Has("persistence"))
      map.Fail("persistence", "classes have no naive answer among the features; leave it out");
    return;
  }
  map.Require("persistence");
  if (map.Has("persistence") && !Holds(model.features, model.persistence))
    map.Fail("persistence", "must be one of the model's features");
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
  if (recipe.selection) {
    text += fmt::format("    select:\n      always: {}\n      alpha: {}\n      folds: {}\n",
                        Flow(recipe.selection->always), recipe.selection->alpha, recipe.selection->folds);
  }
  if (!recipe.members.empty()) text += "    members: " + Flow(recipe.members) + "\n";
  if (!recipe.parameters.empty()) text += "    parameters:\n";
  for (const auto& [name, value] : recipe.parameters) text += fmt::format("      {}: {}\n", name, value);
  return text;
}

std::string WritePinned(const PinnedFeatures& pinned) {
  if (pinned.empty()) return "";
  std::string text = "registered:\n";
  for (const PinnedFeature& feature : pinned.all()) {
    text += fmt::format("  - name: {}\n    expression: '{}'\n    definition: {}\n", Quoted(feature.key),
                        feature.expression, feature.hash);
  }
  return text;
}

}  // namespace

bool AnswersClasses(const ModelDefinition& model) {
  return !model.recipes.empty() && std::all_of(model.recipes.begin(), model.recipes.end(), IsMulticlass);
}

std::string WriteModelDefinition(const ModelDefinition& model) {
  std::string text = fmt::format("name: {}\ntarget: {}\nhorizon: {}\n", model.name, model.target, model.horizon);
  if (!model.persistence.empty()) text += fmt::format("persistence: {}\n", Quoted(model.persistence));
  text += "features: " + Flow(model.features) + "\n" + WritePinned(model.pinned);
  text += fmt::format("windows: [{}]\nrecipes:\n", fmt::join(model.windows, ", "));
  for (const Recipe& recipe : model.recipes) text += WriteRecipe(recipe);
  return text;
}

Result<ModelDefinition> ReadModelDefinition(std::string_view yaml, const std::string& source,
                                            const FeatureSources& sources) {
  HONE_ASSIGN_OR_RETURN(const YamlDocument document, YamlDocument::Parse(yaml, source));
  YamlMap map = document.root();
  ModelDefinition model;
  map.Require("name");
  map.Read("name", model.name);
  if (map.Has("name") && !IsModelName(model.name)) map.Fail("name", "must be 1 to 64 of a-z, 0-9, _ and -");
  map.ReadChoice("target", model.target, TargetNames());
  map.Read("horizon", model.horizon, {.at_least = 1, .at_most = 1000});
  Columns columns;
  ReadFeatures(map, sources, model, columns);
  map.Read("windows", model.windows, {.at_least = 0, .at_most = 1e6});
  if (model.windows.empty() || model.windows.size() > 8) map.Fail("windows", "1 to 8 training windows");
  ReadRecipes(map, columns, model);
  ReadPersistence(map, columns, model);
  HONE_RETURN_IF_ERROR(document.Finish());
  return model;
}

}  // namespace hone
