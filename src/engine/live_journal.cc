#include "engine/live_journal.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "engine/version_artifact.h"

namespace hone {
namespace {

using Json = nlohmann::ordered_json;

std::string Parameters(const Recipe& recipe) {
  Json json = Json::object();
  json["learner"] = recipe.learner;
  json["window_rows"] = recipe.window_rows;
  for (const auto& [name, value] : recipe.parameters) json[name] = value;
  return json.dump();
}

// What the version's running metrics are compared with (model_performance.h).
std::string Metrics(const TrainedVersion& version) {
  if (version.validation_rows == 0) return "{}";
  return Json{{"validation_rmse", version.validation_rmse}, {"validation_rows", version.validation_rows}}.dump();
}

}  // namespace

LiveJournal::LiveJournal(LiveStore& store, const StoredDefinition& definition, const std::vector<Recipe>& recipes)
    : store_(&store), definition_(&definition), recipes_(&recipes) {}

void LiveJournal::Note(const Status& status) {
  if (!status.ok() && !error_) error_ = status.error();
}

void LiveJournal::OnDecision(const Decision& decision) {
  ++decisions_;
  Note(store_->decisions.Append(decision));
}

void LiveJournal::OnDrift(const DriftEvent& event) {
  ++decisions_;  // a checkpoint goes with it, so that a restart does not report it again
  Note(store_->drift.Append(event));
}

void LiveJournal::OnVersion(const TrainedVersion& version) { Note(Register(version)); }

void LiveJournal::OnStage(const TrainedVersion& version, Stage stage) { Note(Move(version, stage)); }

void LiveJournal::OnShadow(const ShadowPrediction& prediction) { shadows_.push_back(prediction); }

Status LiveJournal::Register(const TrainedVersion& version) {
  const Recipe& recipe = (*recipes_)[static_cast<std::size_t>(version.recipe)];
  VersionRecord record;
  HONE_ASSIGN_OR_RETURN(record.artifact,
                        StoreVersion(store_->artifacts, *definition_, recipe.name, version.fitted->pieces));
  record.model = definition_->model.name;
  record.number = version.number;
  record.stage = Stage::kStaging;
  record.change = version.change;
  record.parent = version.parent;
  record.recipe = recipe.name;
  record.data_fingerprint = Fingerprint(*history_, version.begin, version.end);
  record.train_begin = history_->time[version.begin];
  record.train_end = history_->label_time[version.end - 1];
  record.train_rows = static_cast<std::int64_t>(version.end - version.begin);
  record.parameters = Parameters(recipe);
  record.seed = version.seed;
  record.metrics = Metrics(version);
  record.created = version.created;
  HONE_RETURN_IF_ERROR(store_->versions.RegisterAs(std::move(record)));
  return OkStatus();
}

Status LiveJournal::Move(const TrainedVersion& version, Stage stage) {
  const std::string& model = definition_->model.name;
  HONE_ASSIGN_OR_RETURN(const VersionRecord record, store_->versions.Get(model, version.name));
  if (record.stage == stage) return OkStatus();
  if (stage == Stage::kActive) {
    const Stage demoted = demoted_.value_or(Stage::kRetired);
    const bool taken_back = demoted_ && record.stage == Stage::kRetired;
    demoted_.reset();
    if (taken_back) return store_->versions.RollBack(model, version.name, demoted);
    return store_->versions.Activate(model, version.name);
  }
  // The active version leaves its place only together with the activation of the next.
  if (record.stage == Stage::kActive) {
    demoted_ = stage;
    return OkStatus();
  }
  if (stage == Stage::kShadow) HONE_RETURN_IF_ERROR(store_->versions.MarkValidated(model, version.name));
  return store_->versions.SetStage(model, version.name, stage);
}

Status LiveJournal::Flush() {
  if (!counted_) {
    HONE_ASSIGN_OR_RETURN(stored_rows_, store_->rows.Count(definition_->model.name));
    counted_ = true;
  }
  std::optional<Error> error;
  error.swap(error_);
  if (error) return *error;
  if (!shadows_.empty()) {
    HONE_RETURN_IF_ERROR(store_->predictions.AppendShadow(shadows_));
    shadows_.clear();
  }
  if (history_ == nullptr) return OkStatus();
  for (; stored_rows_ < history_->rows(); ++stored_rows_) {
    const std::size_t i = stored_rows_;
    HONE_RETURN_IF_ERROR(store_->rows.Append(definition_->model.name, i, history_->time[i], history_->label_time[i],
                                             history_->row(i), history_->y[i]));
  }
  return OkStatus();
}

}  // namespace hone
