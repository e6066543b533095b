// The versions of every model, their stages, and which one is active. Table: model_registry.
//
// Single-threaded; on a read-only connection only the const-like readers work. Every change is one transaction (or
// joins the one that is open), so a crash leaves a version either in its old stage or in its new one, and a model with
// at most one active version: a partial unique index enforces it whoever writes.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "records/version_record.h"
#include "storage/database.h"

namespace hone {

// The model and the number of a version, as messages name it.
std::string NameOf(const VersionRecord& record);

class VersionStore {
 public:
  explicit VersionStore(Database& database) : database_(&database) {}

  // Adds a version and returns it with its number: NextVersion of the model's highest. Stage must be kTraining or
  // kStaging (then `artifact` is required); `number` and `validated` of the argument are ignored. kNotFound when the
  // parent is not a version of this model.
  Result<VersionRecord> Register(VersionRecord record);
  // The same with the number the caller gives: lines of recipes are numbered by the loop, each with a major number of
  // its own. kConflict when the model has that number.
  Result<VersionRecord> RegisterAs(VersionRecord record);
  // kTraining -> kStaging with what training found out: artifact, data_fingerprint, train_*, parameters, metrics.
  Status FinishTraining(const VersionRecord& record);

  // Moves to any stage but kActive, where the life of a version allows it (stages.h); kConflict otherwise.
  Status SetStage(std::string_view model, std::string_view version, Stage stage);
  // Notes that the version passed its smoke test.
  Status MarkValidated(std::string_view model, std::string_view version);

  // Makes the version the model's one active version; the one before becomes retired. Both or neither. kConflict when
  // it is not validated or its stage forbids it. Active already: nothing changes.
  Status Activate(std::string_view model, std::string_view version);
  // Takes the active version back: it becomes `demoted` (kRejected, or kRetired where it may return) and `target`
  // active. `target` must be retired and validated, else kConflict; kNotFound when nothing is active.
  Status RollBack(std::string_view model, std::string_view target, Stage demoted = Stage::kRejected);
  // The version to roll back to: of the retired, validated ones the one most recently active.
  Result<std::optional<VersionRecord>> RollbackTarget(std::string_view model);

  // kNotFound names the nearest things that exist.
  Result<VersionRecord> Get(std::string_view model, std::string_view version);
  Result<std::optional<VersionRecord>> Active(std::string_view model);
  // By number, lowest first; empty for a model that does not exist.
  Result<std::vector<VersionRecord>> List(std::string_view model);
  Result<std::vector<VersionRecord>> InStage(std::string_view model, Stage stage);
  // Names in alphabetical order.
  Result<std::vector<std::string>> Models();
  // The version, its parent, the parent's parent, ... to the first.
  Result<std::vector<VersionRecord>> Lineage(std::string_view model, std::string_view version);

 private:
  Result<std::vector<VersionRecord>> Select(std::string_view condition, std::string_view model,
                                            std::string_view argument);
  Result<std::optional<VersionNumber>> Highest(std::string_view model);
  Status WriteStage(const VersionRecord& record, Stage stage);
  Status WriteActive(const VersionRecord& record);

  Database* database_;
};

}  // namespace hone
