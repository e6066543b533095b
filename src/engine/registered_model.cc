#include "engine/registered_model.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "engine/traffic_split.h"
#include "registry/model_artifacts.h"

namespace hone {
namespace {

using Json = nlohmann::ordered_json;

// "none" where nothing was active.
Result<std::string> ActiveName(LiveStore& store, const std::string& model) {
  HONE_ASSIGN_OR_RETURN(const std::optional<VersionRecord> active, store.versions.Active(model));
  return active ? active->number.ToString() : std::string("none");
}

// The active version changed by an operator's hand, which ends an A/B test that runs; that is what it rests on then.
Status RecordChange(LiveStore& store, IdGenerator& ids, Time now, const std::string& model, DecisionKind kind,
                    const std::string& from, const std::string& to) {
  const bool back = kind == DecisionKind::kRollBack;
  const std::string reason = (back ? "an operator rolled back to " : "an operator promoted ") + to;
  HONE_ASSIGN_OR_RETURN(Json shown, EndAbTest(store, ids, now, model, "operator", reason));
  Json evidence{{"from", from}, {"to", to}, {"by", "operator"}};
  if (!shown.is_null()) evidence["ab_test"] = std::move(shown);
  return store.decisions.Append({ids.Next(now), now, kind, model, back ? from : to, reason, evidence.dump()});
}

// The arms beside the champion; none where no test runs.
Status AddArms(LiveStore& store, const std::string& model, SnapshotParts& parts) {
  HONE_ASSIGN_OR_RETURN(const std::optional<AbTest> test, store.ab_tests.Running(model));
  if (!test) return OkStatus();
  parts.ab_test = true;
  parts.salt = test->salt;
  for (const AbArm& arm : test->arms) {
    if (arm.version == parts.champion.version) continue;
    HONE_ASSIGN_OR_RETURN(const VersionRecord record, store.versions.Get(model, arm.version));
    HONE_ASSIGN_OR_RETURN(ModelPointer loaded, LoadVersion(store.artifacts, record));
    parts.challengers.push_back({{arm.version, std::move(loaded)}, arm.share});
  }
  return OkStatus();
}

}  // namespace

Result<std::optional<SplitIdentity>> RegisteredSplit(LiveStore& store, const std::string& model) {
  HONE_ASSIGN_OR_RETURN(const std::optional<AbTest> test, store.ab_tests.Running(model));
  HONE_ASSIGN_OR_RETURN(const std::optional<VersionRecord> active, store.versions.Active(model));
  if (!test || !active) return std::optional<SplitIdentity>();
  return std::optional(SplitOf(*test, active->number.ToString()));
}

Result<SnapshotPointer> RegisteredSnapshot(LiveStore& store, const std::string& model) {
  HONE_ASSIGN_OR_RETURN(const std::optional<VersionRecord> active, store.versions.Active(model));
  if (!active) return Error{ErrorCode::kUnavailable, "no version is active", model};
  HONE_ASSIGN_OR_RETURN(const Manifest manifest, LoadManifest(store.artifacts, active->artifact));
  SnapshotParts parts;
  parts.model = model;
  for (const ManifestFeature& feature : manifest.features) parts.features.push_back(feature.name);
  HONE_ASSIGN_OR_RETURN(ModelPointer loaded, LoadVersion(store.artifacts, *active));
  parts.champion = {active->number.ToString(), std::move(loaded)};
  HONE_RETURN_IF_ERROR(AddArms(store, model, parts));
  HONE_ASSIGN_OR_RETURN(const std::optional<SplitIdentity> split, RegisteredSplit(store, model));
  if (split) parts.split = split->tag();
  return ModelSnapshot::Make(std::move(parts));
}

Result<VersionRecord> RegisterVersion(LiveStore& store, IdGenerator& ids, const ModelFileVersion& version,
                                      const FileContent& content, bool activate) {
  HONE_ASSIGN_OR_RETURN(VersionRecord record, RegisterModelFile(store.versions, store.artifacts, version, content));
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
  return RecordChange(store, ids, now, model, DecisionKind::kPromote, from, version);
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
  return RecordChange(store, ids, now, model, DecisionKind::kRollBack, from, target);
}

}  // namespace hone
