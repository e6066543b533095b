#include "engine/traffic_split.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <set>
#include <utility>

#include "engine/ab_test_evidence.h"
#include "engine/bandit_shares.h"
#include "registry/model_artifacts.h"

namespace hone {
namespace {

using Json = nlohmann::ordered_json;

Status Record(LiveStore& store, Decision decision, IdGenerator& ids, const Json& evidence) {
  decision.id = ids.Next(decision.time);
  decision.evidence = evidence.dump();
  return store.decisions.Append(decision);
}

// Gives what it has shown.
Result<Json> EndTest(LiveStore& store, IdGenerator& ids, Time now, const AbTest& test, const char* by,
                     const std::string& because) {
  HONE_ASSIGN_OR_RETURN(Json shown, AbTestEvidence(store, test, now));
  HONE_RETURN_IF_ERROR(store.ab_tests.End(test.model, now));
  HONE_RETURN_IF_ERROR(Record(store,
                              {{}, now, DecisionKind::kEndAbTest, test.model, "", "the A/B test ended: " + because, ""},
                              ids, Json{{"by", by}, {"ab_test", shown}}));
  return shown;
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
  const Json deadline = test.deadline ? Json(FormatTime(*test.deadline)) : Json();
  const Json evidence{{"by", "operator"},
                      {"champion", champion},
                      {"ab_test",
                       {{"id", test.id.ToString()},
                        {"arms", std::move(arms)},
                        {"deadline", deadline},
                        {"bandit", test.bandit ? Json(test.bandit->algorithm) : Json()}}}};
  const std::string reason = "an operator split the traffic: " + SharesText(test.arms);
  return Record(store,
                {{}, test.started, DecisionKind::kStartAbTest, test.model, OnlyChallenger(test, champion), reason, ""},
                ids, evidence);
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
                                           std::vector<AbArm> arms, AbTestTerms terms) {
  HONE_RETURN_IF_ERROR(CheckShares(arms));
  if (terms.bandit && arms.size() > 1) HONE_RETURN_IF_ERROR(CheckBandit(*terms.bandit, arms.size()));
  HONE_ASSIGN_OR_RETURN(const VersionRecord active, ActiveOf(store, model));
  for (const AbArm& arm : arms) HONE_RETURN_IF_ERROR(CheckArm(store, active, arm));
  const std::string champion = active.number.ToString();
  if (std::ranges::find(arms, champion, &AbArm::version) == arms.end()) {
    return Error{ErrorCode::kConflict, fmt::format("{}, the active version, must have a share; to replace it, promote "
                                                   "another",
                                                   champion)};
  }
  HONE_ASSIGN_OR_RETURN(const std::optional<AbTest> before, store.ab_tests.Running(model));
  if (before) {
    const std::string because = arms.size() == 1 ? "an operator gave " + champion + " all traffic"
                                                 : std::string("an operator split the traffic anew");
    HONE_RETURN_IF_ERROR(EndTest(store, ids, now, *before, "operator", because));
  }
  if (arms.size() == 1) return std::optional<AbTest>();
  AbTest test{.id = ids.Next(now), .model = model, .started = now};
  if (terms.lasts) test.deadline = now + *terms.lasts;
  test.bandit = std::move(terms.bandit);
  test.looked = now;
  test.arms = std::move(arms);
  test.salt = SaltOf(before, test);
  HONE_RETURN_IF_ERROR(store.ab_tests.Start(test));
  HONE_RETURN_IF_ERROR(RecordStart(store, ids, test, champion));
  return std::optional(std::move(test));
}

Result<Json> EndAbTest(LiveStore& store, IdGenerator& ids, Time now, const std::string& model, const char* by,
                       const std::string& because) {
  HONE_ASSIGN_OR_RETURN(const std::optional<AbTest> test, store.ab_tests.Running(model));
  return test ? EndTest(store, ids, now, *test, by, because) : Result<Json>(Json());
}

}  // namespace hone
