#include "engine/registered_model.h"

#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "registry/model_artifacts.h"

namespace hone {
namespace {

// "none" where nothing was active.
Result<std::string> ActiveName(LiveStore& store, const std::string& model) {
  HONE_ASSIGN_OR_RETURN(const std::optional<VersionRecord> active, store.versions.Active(model));
  return active ? active->number.ToString() : std::string("none");
}

Status Record(LiveStore& store, IdGenerator& ids, Time now, const std::string& model, DecisionKind kind,
              const std::string& from, const std::string& to) {
  Decision decision;
  decision.id = ids.Next(now);
  decision.time = now;
  decision.kind = kind;
  decision.model = model;
  decision.version = kind == DecisionKind::kRollBack ? from : to;
  decision.reason = (kind == DecisionKind::kRollBack ? "an operator rolled back to " : "an operator promoted ") + to;
  decision.evidence = nlohmann::ordered_json{{"from", from}, {"to", to}, {"by", "operator"}}.dump();
  return store.decisions.Append(decision);
}

}  // namespace

Result<SnapshotPointer> RegisteredSnapshot(LiveStore& store, const std::string& model) {
  HONE_ASSIGN_OR_RETURN(const std::optional<VersionRecord> active, store.versions.Active(model));
  if (!active) return Error{ErrorCode::kUnavailable, "no version is active", model};
  HONE_ASSIGN_OR_RETURN(const Manifest manifest, LoadManifest(store.artifacts, active->artifact));
  SnapshotParts parts;
  parts.model = model;
  for (const ManifestFeature& feature : manifest.features) parts.features.push_back(feature.name);
  HONE_ASSIGN_OR_RETURN(ModelPointer loaded, LoadVersion(store.artifacts, *active));
  parts.champion = {active->number.ToString(), std::move(loaded)};
  return ModelSnapshot::Make(std::move(parts));
}

Result<VersionRecord> RegisterVersion(LiveStore& store, IdGenerator& ids, const ModelFileVersion& version,
                                      bool activate) {
  HONE_ASSIGN_OR_RETURN(VersionRecord record, RegisterModelFile(store.versions, store.artifacts, version));
  if (!activate) return record;
  const std::string number = record.number.ToString();
  HONE_RETURN_IF_ERROR(PromoteRegistered(store, ids, version.created, version.model, number));
  return store.versions.Get(version.model, number);
}

Status PromoteRegistered(LiveStore& store, IdGenerator& ids, Time now, const std::string& model,
                         const std::string& version) {
  HONE_ASSIGN_OR_RETURN(const std::string from, ActiveName(store, model));
  if (from == version) return Error{ErrorCode::kConflict, version + " is already active", model};
  HONE_RETURN_IF_ERROR(store.versions.Activate(model, version));
  return Record(store, ids, now, model, DecisionKind::kPromote, from, version);
}

Status RollBackRegistered(LiveStore& store, IdGenerator& ids, Time now, const std::string& model,
                          const std::string& version) {
  std::string target = version;
  if (target.empty()) {
    HONE_ASSIGN_OR_RETURN(const auto record, store.versions.RollbackTarget(model));
    if (!record) return Error{ErrorCode::kConflict, model + " has no retired version to roll back to"};
    target = record->number.ToString();
  }
  HONE_ASSIGN_OR_RETURN(const std::string from, ActiveName(store, model));
  HONE_RETURN_IF_ERROR(store.versions.RollBack(model, target, Stage::kRetired));
  return Record(store, ids, now, model, DecisionKind::kRollBack, from, target);
}

}  // namespace hone
