#include "registry/version_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/edit_distance.h"
#include "registry/stages.h"
#include "registry/version_number.h"

namespace hone {
namespace {

constexpr std::string_view kVersionColumns =
    "model, major, minor, patch, stage, change_type, parent, recipe, artifact, data_fingerprint, train_begin, "
    "train_end, train_rows, parameters, seed, metrics, validated, created";

Result<VersionRecord> ReadRecord(const Statement& row) {
  VersionRecord record;
  record.model = row.Text(0);
  record.number = {static_cast<int>(row.Int(1)), static_cast<int>(row.Int(2)), static_cast<int>(row.Int(3))};
  HONE_ASSIGN_OR_RETURN(record.stage, ParseStage(row.Bytes(4)));
  HONE_ASSIGN_OR_RETURN(record.change, ParseChangeType(row.Bytes(5)));
  record.parent = row.Text(6);
  record.recipe = row.Text(7);
  record.artifact = row.Text(8);
  record.data_fingerprint = row.Text(9);
  record.train_begin = row.Int(10);
  record.train_end = row.Int(11);
  record.train_rows = row.Int(12);
  record.parameters = row.Text(13);
  record.seed = static_cast<std::uint64_t>(row.Int(14));
  record.metrics = row.Text(15);
  record.validated = row.Int(16) != 0;
  record.created = row.Int(17);
  return record;
}

Error Conflict(const Database& database, std::string message) {
  return {ErrorCode::kConflict, std::move(message), database.path(), 0, ""};
}

std::string NumbersOf(const std::vector<VersionRecord>& records) {
  std::string names;
  for (const auto& record : records) names += (names.empty() ? "" : ", ") + record.number.ToString();
  return names;
}

Status CheckActivation(const Database& database, const VersionRecord& record) {
  if (!IsAllowedTransition(record.stage, Stage::kActive)) {
    return Conflict(database,
                    fmt::format("{} is {} and cannot become active", NameOf(record), StageName(record.stage)));
  }
  if (record.validated) return OkStatus();
  return Conflict(database, NameOf(record) + " has not passed its smoke test and cannot become active");
}

}  // namespace

std::string NameOf(const VersionRecord& record) { return fmt::format("{} {}", record.model, record.number.ToString()); }

Result<std::vector<VersionRecord>> VersionStore::Select(std::string_view condition, std::string_view model,
                                                        std::string_view argument) {
  HONE_ASSIGN_OR_RETURN(Statement select,
                        database_->Prepare(fmt::format("SELECT {} FROM model_registry WHERE model = ?1 AND {}",
                                                       kVersionColumns, condition)));
  select.Bind(1, model);
  if (condition.find("?2") != std::string_view::npos) select.Bind(2, argument);
  std::vector<VersionRecord> records;
  while (true) {
    HONE_ASSIGN_OR_RETURN(const bool row, select.Step());
    if (!row) return records;
    auto record = ReadRecord(select);
    if (!record.ok()) return Error{ErrorCode::kCorrupt, record.error().message, database_->path(), 0, "model_registry"};
    records.push_back(std::move(*record));
  }
}

Result<std::vector<VersionRecord>> VersionStore::List(std::string_view model) {
  return Select("1 ORDER BY major, minor, patch", model, "");
}

Result<std::vector<VersionRecord>> VersionStore::InStage(std::string_view model, Stage stage) {
  return Select("stage = ?2 ORDER BY major, minor, patch", model, StageName(stage));
}

Result<std::optional<VersionRecord>> VersionStore::Active(std::string_view model) {
  HONE_ASSIGN_OR_RETURN(const auto records, Select("stage = 'active'", model, ""));
  return records.empty() ? std::nullopt : std::optional(records.front());
}

Result<std::optional<VersionRecord>> VersionStore::RollbackTarget(std::string_view model) {
  HONE_ASSIGN_OR_RETURN(const auto records,
                        Select("stage = 'retired' AND validated = 1 ORDER BY activation DESC LIMIT 1", model, ""));
  return records.empty() ? std::nullopt : std::optional(records.front());
}

Result<std::vector<std::string>> VersionStore::Models() {
  HONE_ASSIGN_OR_RETURN(Statement select,
                        database_->Prepare("SELECT DISTINCT model FROM model_registry ORDER BY model"));
  std::vector<std::string> models;
  while (true) {
    HONE_ASSIGN_OR_RETURN(const bool row, select.Step());
    if (!row) return models;
    models.push_back(select.Text(0));
  }
}

Result<VersionRecord> VersionStore::Get(std::string_view model, std::string_view version) {
  HONE_ASSIGN_OR_RETURN(auto found, Select("version = ?2", model, version));
  if (!found.empty()) return std::move(found.front());
  HONE_ASSIGN_OR_RETURN(const auto existing, List(model));
  std::string message;
  if (existing.empty()) {
    HONE_ASSIGN_OR_RETURN(const auto models, Models());
    message = fmt::format("there is no model {}{}", model, DidYouMean(model, models));
  } else {
    message = fmt::format("{} has no version {}; it has {}", model, version, NumbersOf(existing));
  }
  return Error{ErrorCode::kNotFound, std::move(message), database_->path(), 0, ""};
}

Result<std::optional<VersionNumber>> VersionStore::Highest(std::string_view model) {
  HONE_ASSIGN_OR_RETURN(const auto records, Select("1 ORDER BY major DESC, minor DESC, patch DESC LIMIT 1", model, ""));
  return records.empty() ? std::nullopt : std::optional(records.front().number);
}

Result<VersionRecord> VersionStore::Register(VersionRecord record) {
  HONE_ASSIGN_OR_RETURN(const auto highest, Highest(record.model));
  record.number = NextVersion(highest, record.change);
  return RegisterAs(std::move(record));
}

Result<VersionRecord> VersionStore::RegisterAs(VersionRecord record) {
  if (record.model.empty()) {
    return Error{ErrorCode::kInvalidArgument, "a version must name its model", database_->path(), 0, "model"};
  }
  if (record.stage != Stage::kTraining && record.stage != Stage::kStaging) {
    return Conflict(*database_,
                    fmt::format("a version is registered as training or staging, not as {}", StageName(record.stage)));
  }
  if (record.stage == Stage::kStaging && record.artifact.empty()) {
    return Error{ErrorCode::kInvalidArgument, "a version in staging must have an artifact", database_->path(), 0,
                 "artifact"};
  }
  HONE_ASSIGN_OR_RETURN(Transaction transaction, Transaction::Begin(*database_));
  if (!record.parent.empty()) HONE_RETURN_IF_ERROR(Get(record.model, record.parent));
  record.validated = false;
  HONE_ASSIGN_OR_RETURN(Statement insert,
                        database_->Prepare(fmt::format(
                            "INSERT INTO model_registry ({}, version) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
                            "?, ?, ?, ?, ?, ?, ?, ?)",
                            kVersionColumns)));
  HONE_RETURN_IF_ERROR(
      insert.Run(record.model, record.number.major_number, record.number.minor_number, record.number.patch_number,
                 StageName(record.stage), ChangeTypeName(record.change), record.parent, record.recipe, record.artifact,
                 record.data_fingerprint, record.train_begin, record.train_end, record.train_rows, record.parameters,
                 record.seed, record.metrics, record.validated, record.created, record.number.ToString()));
  HONE_RETURN_IF_ERROR(transaction.Commit());
  return record;
}

Status VersionStore::FinishTraining(const VersionRecord& record) {
  HONE_ASSIGN_OR_RETURN(Transaction transaction, Transaction::Begin(*database_));
  const std::string version = record.number.ToString();
  HONE_ASSIGN_OR_RETURN(const VersionRecord stored, Get(record.model, version));
  if (stored.stage != Stage::kTraining) {
    return Conflict(*database_, fmt::format("{} is {}, not training", NameOf(stored), StageName(stored.stage)));
  }
  if (record.artifact.empty()) {
    return Error{ErrorCode::kInvalidArgument, "a trained version must have an artifact", database_->path(), 0,
                 "artifact"};
  }
  HONE_ASSIGN_OR_RETURN(
      Statement update,
      database_->Prepare(
          "UPDATE model_registry SET stage = 'staging', artifact = ?, data_fingerprint = ?, train_begin = ?, "
          "train_end = ?, train_rows = ?, parameters = ?, metrics = ? WHERE model = ? AND version = ?"));
  HONE_RETURN_IF_ERROR(update.Run(record.artifact, record.data_fingerprint, record.train_begin, record.train_end,
                                  record.train_rows, record.parameters, record.metrics, record.model, version));
  return transaction.Commit();
}

Status VersionStore::WriteStage(const VersionRecord& record, Stage stage) {
  HONE_ASSIGN_OR_RETURN(Statement update,
                        database_->Prepare("UPDATE model_registry SET stage = ? WHERE model = ? AND version = ?"));
  return update.Run(StageName(stage), record.model, record.number.ToString());
}

Status VersionStore::WriteActive(const VersionRecord& record) {
  HONE_RETURN_IF_ERROR(WriteStage(record, Stage::kActive));
  HONE_ASSIGN_OR_RETURN(Statement update,
                        database_->Prepare("UPDATE model_registry SET activation = 1 + (SELECT max(activation) FROM "
                                           "model_registry WHERE model = ?1) WHERE model = ?1 AND version = ?2"));
  return update.Run(record.model, record.number.ToString());
}

Status VersionStore::SetStage(std::string_view model, std::string_view version, Stage stage) {
  HONE_ASSIGN_OR_RETURN(Transaction transaction, Transaction::Begin(*database_));
  HONE_ASSIGN_OR_RETURN(const VersionRecord record, Get(model, version));
  if (stage == Stage::kActive || !IsAllowedTransition(record.stage, stage)) {
    return Conflict(*database_, fmt::format("{} is {} and cannot become {}", NameOf(record), StageName(record.stage),
                                            StageName(stage)));
  }
  HONE_RETURN_IF_ERROR(WriteStage(record, stage));
  return transaction.Commit();
}

Status VersionStore::MarkValidated(std::string_view model, std::string_view version) {
  HONE_ASSIGN_OR_RETURN(Transaction transaction, Transaction::Begin(*database_));
  HONE_ASSIGN_OR_RETURN(const VersionRecord record, Get(model, version));
  if (IsFinished(record.stage) || record.stage == Stage::kTraining) {
    return Conflict(*database_,
                    fmt::format("{} is {} and cannot be validated", NameOf(record), StageName(record.stage)));
  }
  HONE_ASSIGN_OR_RETURN(Statement update,
                        database_->Prepare("UPDATE model_registry SET validated = 1 WHERE model = ? AND version = ?"));
  HONE_RETURN_IF_ERROR(update.Run(model, version));
  return transaction.Commit();
}

Status VersionStore::Activate(std::string_view model, std::string_view version) {
  HONE_ASSIGN_OR_RETURN(Transaction transaction, Transaction::Begin(*database_));
  HONE_ASSIGN_OR_RETURN(const VersionRecord record, Get(model, version));
  if (record.stage == Stage::kActive) return OkStatus();
  HONE_RETURN_IF_ERROR(CheckActivation(*database_, record));
  HONE_ASSIGN_OR_RETURN(const auto before, Active(model));
  if (before) HONE_RETURN_IF_ERROR(WriteStage(*before, Stage::kRetired));
  HONE_RETURN_IF_ERROR(WriteActive(record));
  return transaction.Commit();
}

Status VersionStore::RollBack(std::string_view model, std::string_view target, Stage demoted) {
  HONE_ASSIGN_OR_RETURN(Transaction transaction, Transaction::Begin(*database_));
  HONE_ASSIGN_OR_RETURN(const VersionRecord record, Get(model, target));
  HONE_ASSIGN_OR_RETURN(const auto active, Active(model));
  if (!active) {
    return Error{ErrorCode::kNotFound, fmt::format("{} has no active version to take back", model), database_->path(),
                 0, ""};
  }
  if (record.stage != Stage::kRetired) {
    return Conflict(*database_, fmt::format("{} is {}; only a retired version can be rolled back to", NameOf(record),
                                            StageName(record.stage)));
  }
  HONE_RETURN_IF_ERROR(CheckActivation(*database_, record));
  if (!IsAllowedTransition(Stage::kActive, demoted)) {
    return Conflict(*database_, fmt::format("an active version cannot become {}", StageName(demoted)));
  }
  HONE_RETURN_IF_ERROR(WriteStage(*active, demoted));
  HONE_RETURN_IF_ERROR(WriteActive(record));
  return transaction.Commit();
}

Result<std::vector<VersionRecord>> VersionStore::Lineage(std::string_view model, std::string_view version) {
  std::vector<VersionRecord> line;
  std::string next(version);
  while (!next.empty()) {
    HONE_ASSIGN_OR_RETURN(VersionRecord record, Get(model, next));
    // A parent exists before its child, so numbers fall along the line; anything else would be a loop.
    if (!line.empty() && record.number >= line.back().number) {
      return Error{ErrorCode::kCorrupt, fmt::format("{} names a later version as its parent", NameOf(line.back())),
                   database_->path(), 0, "model_registry"};
    }
    next = record.parent;
    line.push_back(std::move(record));
  }
  return line;
}

}  // namespace hone
