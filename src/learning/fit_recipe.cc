#include "learning/fit_recipe.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "learning/learners.h"
#include "learning/learners/training_rows.h"
#include "learning/select_features.h"
#include "models/ensemble/mean.h"
#include "models/projected.h"

namespace hone {
namespace {

constexpr std::size_t kMaxFeatures = 256;

Error Bad(const Recipe& recipe, std::string message) {
  return {ErrorCode::kInvalidArgument, std::move(message), "", 0, recipe.name};
}

// Where a recipe finds its features in the wide row.
struct Columns {
  std::vector<std::uint32_t> columns;
  int offset = -1;
};

std::optional<std::size_t> IndexOf(std::span<const std::string> names, const std::string& name) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return std::nullopt;
  return static_cast<std::size_t>(found - names.begin());
}

Result<Columns> FindColumns(const Recipe& recipe, std::span<const std::string> names) {
  if (recipe.features.empty() || recipe.features.size() > kMaxFeatures) {
    return Bad(recipe, fmt::format("must have 1 to {} features, has {}", kMaxFeatures, recipe.features.size()));
  }
  Columns found;
  for (const std::string& feature : recipe.features) {
    const std::optional<std::size_t> index = IndexOf(names, feature);
    if (!index) return Bad(recipe, fmt::format("feature \"{}\" is not one of the model's", feature));
    found.columns.push_back(static_cast<std::uint32_t>(*index));
  }
  if (recipe.relative_to.empty()) return found;
  const std::optional<std::size_t> offset = IndexOf(names, recipe.relative_to);
  if (!offset)
    return Bad(recipe, fmt::format("relative_to \"{}\" is not one of the model's features", recipe.relative_to));
  found.offset = static_cast<int>(*offset);
  return found;
}

Result<const Learner*> LearnerOf(const Recipe& recipe) {
  const Learner* learner = FindLearner(recipe.learner);
  if (learner != nullptr) return learner;
  std::string names;
  for (const LearnerStatus& known : AvailableLearners()) {
    if (known.name == recipe.learner) {
      return Bad(recipe, fmt::format("learner \"{}\" is not available: {}", known.name, known.detail));
    }
    names += known.name + ", ";
  }
  return Bad(recipe, fmt::format("unknown learner \"{}\"; known: {}mean", recipe.learner, names));
}

// The columns a recipe learns from, and its labels, of rows [begin, end) that have them.
Dataset TakeRows(const Recipe& recipe, const Columns& columns, const Dataset& data, std::size_t begin,
                 std::size_t end) {
  Dataset taken;
  taken.names = recipe.features;
  taken.x.reserve((end - begin) * columns.columns.size());
  for (std::size_t i = begin; i < end; ++i) {
    const std::span<const double> row = data.row(i);
    const double level = columns.offset < 0 ? 0.0 : row[static_cast<std::size_t>(columns.offset)];
    if (std::isnan(level)) continue;
    for (const std::uint32_t column : columns.columns) taken.x.push_back(row[column]);
    taken.y.push_back(data.y[i] - level);
    taken.time.push_back(data.time[i]);
    taken.label_time.push_back(data.label_time[i]);
  }
  return taken;
}

std::size_t WindowBegin(const Recipe& recipe, std::size_t begin, std::size_t end) {
  const auto window = static_cast<std::size_t>(std::max(recipe.window_rows, 0));
  return window == 0 || window >= end - begin ? begin : end - window;
}

Error Named(const Recipe& recipe, Error error) {
  error.message = fmt::format("recipe {}: {}", recipe.name, error.message);
  return error;
}

Status CheckObjective(const Recipe& recipe) {
  if (recipe.objective == Objective::kRegression || recipe.relative_to.empty()) return OkStatus();
  return Bad(recipe, fmt::format("relative_to goes with regression only: {} labels have no difference from a feature",
                                 ObjectiveName(recipe.objective)));
}

Result<FittedRecipe> FitLearner(const Recipe& recipe, const Dataset& data, std::size_t begin, std::size_t end,
                                std::uint64_t seed) {
  if (recipe.selection) {
    HONE_RETURN_IF_ERROR(FindColumns(recipe, data.names));
    HONE_ASSIGN_OR_RETURN(const Recipe selected,
                          WithSelectedFeatures(recipe, data, WindowBegin(recipe, begin, end), end, seed));
    return FitLearner(selected, data, begin, end, seed);
  }
  HONE_RETURN_IF_ERROR(CheckObjective(recipe));
  HONE_ASSIGN_OR_RETURN(const Learner* learner, LearnerOf(recipe));
  HONE_ASSIGN_OR_RETURN(const Columns columns, FindColumns(recipe, data.names));
  const Dataset rows = TakeRows(recipe, columns, data, WindowBegin(recipe, begin, end), end);
  Result<FittedModel> fitted = learner->Fit(rows, recipe.objective, recipe.parameters, seed);
  if (!fitted.ok()) return Named(recipe, std::move(fitted).error());
  ModelPointer model = MakeProjectedModel(fitted->model, columns.columns, columns.offset, data.width());
  FittedPiece piece{recipe.name, fitted->format, std::move(fitted->bytes), columns.columns, columns.offset};
  return FittedRecipe{std::move(model), {std::move(piece)}, rows.rows()};
}

Status CheckSelection(const Recipe& recipe) {
  if (!recipe.selection) return OkStatus();
  const FeatureSelection& selection = *recipe.selection;
  if (recipe.learner == "mean") return Bad(recipe, "a mean has no features to select from");
  if (selection.always.empty()) return Bad(recipe, "a selection needs a feature that it always has");
  for (const std::string& feature : selection.always) {
    if (!IndexOf(recipe.features, feature)) {
      return Bad(recipe, fmt::format("always \"{}\" is not one of the recipe's features", feature));
    }
  }
  return OkStatus();
}

Status CheckMean(const Recipe& recipe, std::span<const Recipe> all) {
  if (recipe.members.empty()) return Bad(recipe, "a mean needs members");
  if (recipe.objective != Objective::kRegression) return Bad(recipe, "a mean has the objective of its members");
  for (const std::string& name : recipe.members) {
    const Recipe* member = FindRecipe(all, name);
    if (member == nullptr) return Bad(recipe, fmt::format("member \"{}\" is not a recipe", name));
    if (member->learner == "mean") return Bad(recipe, fmt::format("member \"{}\" is itself a mean", name));
    if (member->objective == Objective::kMulticlass) {
      return Bad(recipe, fmt::format("member \"{}\" is multiclass, and several numbers have no mean here", name));
    }
    if (member->objective != ObjectiveOf(recipe, all)) {
      return Bad(recipe, fmt::format("member \"{}\" has another objective than the first", name));
    }
  }
  return OkStatus();
}

Status CheckLearner(const Recipe& recipe) {
  HONE_ASSIGN_OR_RETURN(const Learner* learner, LearnerOf(recipe));
  if (!learner->Learns(recipe.objective)) {
    return Bad(recipe, fmt::format("{} does not learn {}", recipe.learner, ObjectiveName(recipe.objective)));
  }
  const std::map<std::string, double> known = learner->defaults();
  for (const auto& [name, value] : recipe.parameters) {
    if (known.contains(name)) continue;
    std::string names;
    for (const auto& [other, unused] : known) names += (names.empty() ? "" : ", ") + other;
    return Bad(recipe, fmt::format("{} has no parameter \"{}\"; known: {}", recipe.learner, name, names));
  }
  return OkStatus();
}

}  // namespace

const Recipe* FindRecipe(std::span<const Recipe> all, const std::string& name) {
  const auto found = std::find_if(all.begin(), all.end(), [&](const Recipe& recipe) { return recipe.name == name; });
  return found == all.end() ? nullptr : &*found;
}

Objective ObjectiveOf(const Recipe& recipe, std::span<const Recipe> all) {
  const Recipe* const first = recipe.members.empty() ? nullptr : FindRecipe(all, recipe.members.front());
  return first == nullptr ? recipe.objective : first->objective;
}

FittedRecipe CombineMembers(std::span<const FittedRecipe* const> members) {
  FittedRecipe combined;
  std::vector<ModelPointer> models;
  for (const FittedRecipe* member : members) {
    models.push_back(member->model);
    combined.pieces.insert(combined.pieces.end(), member->pieces.begin(), member->pieces.end());
  }
  combined.rows = members.front()->rows;
  combined.model = MakeMeanEnsemble(std::move(models));
  return combined;
}

Result<FittedRecipe> FitRecipe(const Recipe& recipe, std::span<const Recipe> all, const Dataset& data,
                               std::size_t begin, std::size_t end, std::uint64_t seed) {
  if (begin > end || end > data.rows()) {
    return Bad(recipe, fmt::format("rows [{}, {}) are not within the {} rows of the data", begin, end, data.rows()));
  }
  if (recipe.learner != "mean") return FitLearner(recipe, data, begin, end, seed);
  HONE_RETURN_IF_ERROR(CheckMean(recipe, all));
  std::vector<FittedRecipe> members;
  for (const std::string& name : recipe.members) {
    HONE_ASSIGN_OR_RETURN(FittedRecipe member, FitLearner(*FindRecipe(all, name), data, begin, end, seed));
    members.push_back(std::move(member));
  }
  std::vector<const FittedRecipe*> pointers;
  for (const FittedRecipe& member : members) pointers.push_back(&member);
  return CombineMembers(pointers);
}

Status CheckRecipes(std::span<const Recipe> recipes, std::span<const std::string> names) {
  std::set<std::string> seen;
  for (const Recipe& recipe : recipes) {
    if (!seen.insert(recipe.name).second) return Bad(recipe, "the name is used twice");
    if (recipe.window_rows < 0) return Bad(recipe, fmt::format("window_rows must be >= 0, is {}", recipe.window_rows));
    HONE_RETURN_IF_ERROR(CheckSelection(recipe));
    if (recipe.learner == "mean") {
      HONE_RETURN_IF_ERROR(CheckMean(recipe, recipes));
      continue;
    }
    HONE_RETURN_IF_ERROR(CheckObjective(recipe));
    HONE_RETURN_IF_ERROR(CheckLearner(recipe));
    HONE_RETURN_IF_ERROR(FindColumns(recipe, names));
  }
  return OkStatus();
}

}  // namespace hone
