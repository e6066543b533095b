#include "engine/registered_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <utility>

#include "engine/ab_test_evidence.h"
#include "registry/model_artifacts.h"

namespace hone {
namespace {

using Json = nlohmann::ordered_json;

// "none" where nothing was active.
Result<std::string> ActiveName(LiveStore& store, const std::string& model) {
  HONE_ASSIGN_OR_RETURN(const std::optional<VersionRecord> active, store.versions.Active(model));
  return active ? active->number.ToString() : std::string("none");
}

Status Record(LiveStore& store, Decision decision, IdGenerator& ids, const Json& evidence) {
  decision.id = ids.Next(decision.time);
  decision.evidence = evidence.dump();
  return store.decisions.Append(decision);
}

// What the A/B test that runs has shown; null where none does.
Result<Json> RunningTest(LiveStore& store, const std::string& model) {
  HONE_ASSIGN_OR_RETURN(const std::optional<AbTest> test, store.ab_tests.Running(model));
  return test ? AbTestEvidence(store, *test) : Result<Json>(Json());
}

// Ends the A/B test that runs and has `shown` so much, as a decision of its own; nothing to do where that is null.
Status EndTest(LiveStore& store, IdGenerator& ids, Time now, const std::string& model, const Json& shown,
               const std::string& because) {
  if (shown.is_null()) return OkStatus();
  HONE_RETURN_IF_ERROR(store.ab_tests.End(model, now));
  return Record(store, {{}, now, DecisionKind::kEndAbTest, model, "", "the A/B test ended: " + because, ""}, ids,
                Json{{"by", "operator"}, {"ab_test", shown}});
}

// "1.0.0 0.9, 1.1.0 0.1"
std::string SharesText(const std::vector<AbArm>& arms) {
  std::string text;
  for (const AbArm& arm : arms) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", arm.version, arm.share);
  return text;
}

// The other version of two; "" where there are more.
std::string OnlyChallenger(const AbTest& test, const std::string& champion) {
  if (test.arms.size() != 2) return "";
  return test.arms[test.arms[0].version == champion ? 1 : 0].version;
}

Status RecordStart(LiveStore& store, IdGenerator& ids, const AbTest& test, const std::string& champion) {
  Json arms = Json::array();
  for (const AbArm& arm : test.arms) arms.push_back({{"version", arm.version}, {"share", arm.share}});
  const Json evidence{
      {"by", "operator"}, {"champion", champion}, {"ab_test", {{"id", test.id.ToString()}, {"arms", std::move(arms)}}}};
  const std::string reason = "an operator split the traffic: " + SharesText(test.arms);
  return Record(store,
                {{}, test.started, DecisionKind::kStartAbTest, test.model, OnlyChallenger(test, champion), reason, ""},
                ids, evidence);
}

// The active version changed by an operator's hand, which ends an A/B test that runs; that is what it rests on then.
Status RecordChange(LiveStore& store, IdGenerator& ids, Time now, const std::string& model, DecisionKind kind,
                    const std::string& from, const std::string& to) {
  const bool back = kind == DecisionKind::kRollBack;
  const std::string reason = (back ? "an operator rolled back to " : "an operator promoted ") + to;
  HONE_ASSIGN_OR_RETURN(Json shown, RunningTest(store, model));
  HONE_RETURN_IF_ERROR(EndTest(store, ids, now, model, shown, reason));
  Json evidence{{"from", from}, {"to", to}, {"by", "operator"}};
  if (!shown.is_null()) evidence["ab_test"] = std::move(shown);
  return Record(store, {{}, now, kind, model, back ? from : to, reason, ""}, ids, evidence);
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

Status CheckShares(const std::vector<AbArm>& arms) {
  constexpr double kRounding = 1e-9;
  double sum = 0;
  std::set<std::string> versions;
  for (const AbArm& arm : arms) {
    sum += arm.share;
    if (versions.insert(arm.version).second) continue;
    return Error{ErrorCode::kInvalidData, "version " + arm.version + " stands twice", "", 0, "split"};
  }
  if (std::abs(sum - 1) <= kRounding) return OkStatus();
  return Error{ErrorCode::kInvalidData, fmt::format("the shares must be 1 together, are {}", sum), "", 0, "split"};
}

Result<VersionRecord> ActiveOf(LiveStore& store, const std::string& model) {
  HONE_ASSIGN_OR_RETURN(std::optional<VersionRecord> active, store.versions.Active(model));
  if (active) return *std::move(active);
  return Error{ErrorCode::kConflict, "no version of " + model + " is active: promote one first"};
}

// An arm must take the row that the active version takes.
Status CheckArm(LiveStore& store, const VersionRecord& active, const AbArm& arm) {
  HONE_ASSIGN_OR_RETURN(const VersionRecord record, store.versions.Get(active.model, arm.version));
  if (!record.validated || IsFinished(record.stage)) {
    return Error{ErrorCode::kConflict,
                 fmt::format("{} {} is {}{} and cannot answer", record.model, arm.version, StageName(record.stage),
                             record.validated ? "" : ", not validated,")};
  }
  HONE_ASSIGN_OR_RETURN(const Manifest own, LoadManifest(store.artifacts, record.artifact));
  HONE_ASSIGN_OR_RETURN(const Manifest champion, LoadManifest(store.artifacts, active.artifact));
  if (std::ranges::equal(own.features, champion.features, {}, &ManifestFeature::name, &ManifestFeature::name)) {
    return OkStatus();
  }
  return Error{ErrorCode::kConflict, fmt::format("{} {} takes other features than {}, the active version", record.model,
                                                 arm.version, active.number.ToString())};
}

// Where the same versions go on with other shares, a key stays with its arm as far as the shares allow.
std::uint64_t SaltOf(const std::optional<AbTest>& before, const AbTest& test) {
  if (before && std::ranges::equal(before->arms, test.arms, {}, &AbArm::version, &AbArm::version)) return before->salt;
  return std::bit_cast<std::array<std::uint64_t, 2>>(test.id.bytes)[1];
}

}  // namespace

Result<std::optional<AbTest>> SplitTraffic(LiveStore& store, IdGenerator& ids, Time now, const std::string& model,
                                           std::vector<AbArm> arms) {
  HONE_RETURN_IF_ERROR(CheckShares(arms));
  HONE_ASSIGN_OR_RETURN(const VersionRecord active, ActiveOf(store, model));
  for (const AbArm& arm : arms) HONE_RETURN_IF_ERROR(CheckArm(store, active, arm));
  const std::string champion = active.number.ToString();
  if (std::ranges::find(arms, champion, &AbArm::version) == arms.end()) {
    return Error{ErrorCode::kConflict, fmt::format("{}, the active version, must have a share; to replace it, promote "
                                                   "another",
                                                   champion)};
  }
  HONE_ASSIGN_OR_RETURN(const std::optional<AbTest> before, store.ab_tests.Running(model));
  HONE_ASSIGN_OR_RETURN(Json shown, RunningTest(store, model));
  if (arms.size() == 1) {
    HONE_RETURN_IF_ERROR(EndTest(store, ids, now, model, shown, "an operator gave " + champion + " all traffic"));
    return std::optional<AbTest>();
  }
  HONE_RETURN_IF_ERROR(EndTest(store, ids, now, model, shown, "an operator split the traffic anew"));
  AbTest test{ids.Next(now), model, now, std::nullopt, 0, std::move(arms)};
  test.salt = SaltOf(before, test);
  HONE_RETURN_IF_ERROR(store.ab_tests.Start(test));
  HONE_RETURN_IF_ERROR(RecordStart(store, ids, test, champion));
  return std::optional(std::move(test));
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
