#include "engine/train_model.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "engine/version_artifact.h"
#include "features/build_dataset.h"
#include "features/targets/target.h"
#include "learning/fit_recipe.h"

namespace hone {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kFewestRows = 120;
// As in the loop: a mean of recipes is taken unless another beats its RMSE by more than 2 %.
constexpr double kMeanMargin = 1.02;

struct Choice {
  std::size_t recipe = 0;
  std::vector<TrainedRecipe> validation;
};

Result<Choice> ChooseRecipe(const ModelDefinition& model, const Dataset& data, std::uint64_t seed, Executor& executor) {
  Choice choice;
  double least = 0;
  TimeFoldOptions options;
  options.embargo_rows = static_cast<std::size_t>(model.horizon);
  for (std::size_t i = 0; i < model.recipes.size(); ++i) {
    const Recipe& recipe = model.recipes[i];
    HONE_ASSIGN_OR_RETURN(const Validation score,
                          ValidateRecipe(recipe, model.recipes, data, 0, data.rows(), options, seed, executor));
    choice.validation.push_back({score, recipe.name});
    const double loss = recipe.objective == Objective::kMulticlass ? score.log_loss : score.rmse;
    const double handicapped = loss * (recipe.learner == "mean" ? 1 : kMeanMargin);
    if (i > 0 && handicapped >= least) continue;
    choice.recipe = i;
    least = handicapped;
  }
  return choice;
}

std::string MetricsOf(const TrainedRecipe& validation) {
  Json metrics = Json::object();
  const auto add = [&metrics](const char* name, double value) {
    if (std::isfinite(value)) metrics[name] = value;
  };
  add("validation_rmse", validation.rmse);
  add("validation_mae", validation.mae);
  add("validation_log_loss", validation.log_loss);
  add("validation_accuracy", validation.accuracy);
  metrics["validation_rows"] = validation.rows;
  return metrics.dump();
}

std::size_t AnswerSize(const ModelDefinition& model) {
  return AnswersClasses(model) ? static_cast<std::size_t>(TargetClasses(model.target)) : 1;
}

// Its rows are kept, and every version of it answers them.
Status CheckFeatures(const ModelDefinition& known, const ModelDefinition& model) {
  if (known.features != model.features) {
    return Error{ErrorCode::kConflict,
                 fmt::format("the versions of {} learn from {}; these would learn from {}; give the model another name",
                             model.name, fmt::join(known.features, ", "), fmt::join(model.features, ", "))};
  }
  for (const PinnedFeature& feature : model.pinned.all()) {
    const PinnedFeature* kept = known.pinned.Find(feature.key);
    if (kept != nullptr && *kept == feature) continue;
    return Error{ErrorCode::kConflict,
                 fmt::format("the versions of {} do not learn from {} as it is here; give the model another name",
                             model.name, feature.key)};
  }
  return OkStatus();
}

// The versions there are must be of the same kind.
Status CheckKind(LiveStore& store, const ModelDefinition& model, const std::vector<VersionRecord>& before) {
  if (before.empty()) return OkStatus();
  HONE_ASSIGN_OR_RETURN(const std::optional<StoredDefinition> known, store.definitions.Find(model.name));
  if (!known) {
    return Error{ErrorCode::kConflict,
                 model.name + " is a model whose versions come from files; give the model to train another name"};
  }
  const std::size_t old_size = AnswerSize(known->model), new_size = AnswerSize(model);
  if (old_size == new_size) return CheckFeatures(known->model, model);
  return Error{ErrorCode::kConflict,
               fmt::format("the versions of {} answer {} number{}, these would answer {}; give the model another name",
                           model.name, old_size, old_size == 1 ? "" : "s", new_size)};
}

// Definition, rows and bars of a model that is new to the store.
Status StoreGround(LiveStore& store, const StoredDefinition& definition, const Dataset& data, const BarSeries& series) {
  HONE_RETURN_IF_ERROR(store.definitions.Save(definition));
  if (AnswersClasses(definition.model)) return OkStatus();
  const std::string& name = definition.model.name;
  for (std::size_t i = 0; i < data.rows(); ++i) {
    HONE_RETURN_IF_ERROR(store.rows.Append(name, i, data.time[i], data.label_time[i], data.row(i), data.y[i]));
  }
  HONE_ASSIGN_OR_RETURN(const std::vector<Bar> newest, store.bars.Newest(definition.instrument, 1));
  if (!newest.empty()) return OkStatus();  // another model of the instrument brought them
  for (const Bar& bar : series.bars) HONE_RETURN_IF_ERROR(store.bars.Append(definition.instrument, bar));
  return OkStatus();
}

}  // namespace

Result<TrainReport> TrainModel(LiveStore& store, const BarSeries& series, const ModelDefinition& model,
                               std::uint64_t seed, Time now, Executor& executor) {
  HONE_ASSIGN_OR_RETURN(const Dataset data,
                        BuildDataset(series, model.features, model.target, model.horizon, model.pinned.definitions()));
  if (data.rows() < kFewestRows) {
    return Error{ErrorCode::kInvalidData,
                 fmt::format("{} bars give {} rows with an outcome; training needs at least {}", series.bars.size(),
                             data.rows(), kFewestRows),
                 series.source};
  }
  HONE_RETURN_IF_ERROR(CheckRecipes(model.recipes, model.features));
  HONE_ASSIGN_OR_RETURN(const Choice choice, ChooseRecipe(model, data, seed, executor));
  const Recipe& recipe = model.recipes[choice.recipe];
  HONE_ASSIGN_OR_RETURN(const FittedRecipe fitted, FitRecipe(recipe, model.recipes, data, 0, data.rows(), seed));

  HONE_ASSIGN_OR_RETURN(Transaction transaction, Transaction::Begin(*store.database));
  HONE_ASSIGN_OR_RETURN(const std::vector<VersionRecord> before, store.versions.List(model.name));
  HONE_RETURN_IF_ERROR(CheckKind(store, model, before));
  const StoredDefinition definition{model, AnswersClasses(model) ? "" : series.instrument, TraitsOf(series),
                                    series.bar_size};
  if (before.empty()) HONE_RETURN_IF_ERROR(StoreGround(store, definition, data, series));
  VersionRecord record;
  record.model = model.name;
  record.stage = Stage::kStaging;
  record.change = before.empty() ? ChangeType::kArchitecture : ChangeType::kData;
  record.parent = before.empty() ? "" : before.back().number.ToString();
  record.recipe = recipe.name;
  HONE_ASSIGN_OR_RETURN(record.artifact, StoreVersion(store.artifacts, definition, recipe.name, fitted.pieces));
  record.data_fingerprint = Fingerprint(data, 0, data.rows());
  record.train_begin = data.time.front();
  record.train_end = data.label_time.back();
  record.train_rows = static_cast<std::int64_t>(data.rows());
  record.parameters = Json{{"learner", recipe.learner}, {"window_rows", recipe.window_rows}}.dump();
  record.seed = seed;
  record.metrics = MetricsOf(choice.validation[choice.recipe]);
  record.created = now;
  HONE_ASSIGN_OR_RETURN(record, store.versions.Register(std::move(record)));
  const std::string version = record.number.ToString();
  HONE_RETURN_IF_ERROR(store.versions.MarkValidated(model.name, version));
  HONE_ASSIGN_OR_RETURN(const std::optional<VersionRecord> active, store.versions.Active(model.name));
  if (!active) HONE_RETURN_IF_ERROR(store.versions.Activate(model.name, version));
  HONE_RETURN_IF_ERROR(transaction.Commit());
  return TrainReport{model.name,  version,     StageName(active ? Stage::kStaging : Stage::kActive),
                     recipe.name, data.rows(), choice.validation};
}

}  // namespace hone
