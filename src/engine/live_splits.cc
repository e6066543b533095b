// What the engine does about traffic that is split: counts it, ends A/B tests, lets their shares follow a bandit.
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/bandit_shares.h"
#include "engine/live_engine.h"
#include "engine/registered_model.h"
#include "engine/traffic_split.h"

namespace hone {
namespace {

// How often the store is asked what is due of A/B tests.
constexpr Duration kAbTestsEvery = kSecond;

}  // namespace

// In the order in which requests were assigned, whoever answered them: the evidence is about that order.
Status LiveEngine::CountSplits(std::span<const Prediction> assigned) {
  for (const Prediction& prediction : assigned) HONE_RETURN_IF_ERROR(splits_.Take(prediction));
  return splits_.Flush();
}

// A registered model's split changes with its snapshot only: published_ forgets it then.
Status LiveEngine::FollowSplit(const std::string& model) {
  const auto found = models_.find(model);
  if (found == models_.end()) {
    if (published_.contains(model) && followed_.contains(model)) return OkStatus();
    HONE_ASSIGN_OR_RETURN(const std::optional<SplitIdentity> split, RegisteredSplit(*store_, model));
    followed_[model] = 0;
    return splits_.Follow(model, split, now());
  }
  const LiveModel& live = *found->second;
  const auto [last, first] = followed_.try_emplace(model, -1);
  if (!first && last->second == live.loop().routing_number()) return OkStatus();
  last->second = live.loop().routing_number();
  const StoredDefinition& definition = live.definition();
  return splits_.Follow(model, live.Split(), now(), definition.model.horizon,
                        definition.model.horizon * definition.bar_size);
}

Status LiveEngine::FollowSplits() {
  for (const auto& [name, model] : models_) HONE_RETURN_IF_ERROR(FollowSplit(name));
  for (const std::string& name : registered_) HONE_RETURN_IF_ERROR(FollowSplit(name));
  return splits_.Flush();
}

Status LiveEngine::ActOnSplits() {
  for (const auto& [name, model] : models_) {
    for (const SplitFinding& finding : splits_.TakeFindings(name)) HONE_RETURN_IF_ERROR(ActOnFinding(name, finding));
  }
  for (const std::string& name : registered_) {
    for (const SplitFinding& finding : splits_.TakeFindings(name)) HONE_RETURN_IF_ERROR(ActOnFinding(name, finding));
  }
  return OkStatus();
}

// A canary waits for a person or is taken back; of an A/B test a person is told, who leads it.
Status LiveEngine::ActOnFinding(const std::string& model, const SplitFinding& finding) {
  const auto found = models_.find(model);
  if (found == models_.end() || !found->second->loop().arms().empty()) {
    return store_->decisions.Append({act_ids_.Next(now()), now(), DecisionKind::kAlert, model, finding.version,
                                     "the A/B test cannot be won: " + finding.reason, finding.evidence});
  }
  ImprovementLoop& loop = found->second->loop();
  if (finding.guardrail) {
    loop.BreakGuardrail(now(), finding.version, finding.reason, finding.evidence);
  } else {
    loop.HoldRollout(now(), finding.reason, finding.evidence);
  }
  return OkStatus();
}

// Their deadlines, and the shares of those that follow a bandit.
Status LiveEngine::LookAtAbTests() {
  if (now() - ab_tests_looked_at_ < kAbTestsEvery) return OkStatus();
  ab_tests_looked_at_ = now();
  HONE_ASSIGN_OR_RETURN(const std::vector<std::string> overdue, store_->ab_tests.Overdue(now()));
  for (const std::string& model : overdue) HONE_RETURN_IF_ERROR(EndOverdue(model));
  HONE_ASSIGN_OR_RETURN(const std::vector<std::string> due, store_->ab_tests.DueBandits(now()));
  for (const std::string& model : due) HONE_RETURN_IF_ERROR(LookAtShares(model));
  return OkStatus();
}

Status LiveEngine::EndOverdue(const std::string& model) {
  HONE_RETURN_IF_ERROR(EndAbTest(*store_, act_ids_, now(), model, "deadline", "its deadline has come"));
  return TakeAbTest(model, std::nullopt);
}

Status LiveEngine::LookAtShares(const std::string& model) {
  HONE_ASSIGN_OR_RETURN(std::optional<AbTest> test, store_->ab_tests.Running(model));
  if (!test) return OkStatus();
  const std::int64_t round = test->round;
  HONE_ASSIGN_OR_RETURN(AbTest looked, hone::LookAtShares(*store_, *std::move(test), now()));
  return looked.round == round ? OkStatus() : TakeAbTest(model, std::move(looked));
}

// The one that runs is another, or has other shares: what is served follows.
Status LiveEngine::TakeAbTest(const std::string& model, const std::optional<AbTest>& test) {
  published_.erase(model);
  const auto found = models_.find(model);
  return found == models_.end() ? OkStatus() : found->second->TakeAbTest(test);
}

Result<std::optional<AbTest>> LiveEngine::SplitTraffic(const std::string& model, std::vector<AbArm> arms,
                                                       AbTestTerms terms) {
  if (!registered_.contains(model)) HONE_RETURN_IF_ERROR(FindModel(model));
  HONE_ASSIGN_OR_RETURN(std::optional<AbTest> test,
                        hone::SplitTraffic(*store_, act_ids_, now(), model, std::move(arms), std::move(terms)));
  HONE_RETURN_IF_ERROR(TakeAbTest(model, test));  // where it cannot, the store's part is taken back with the task
  return test;
}

}  // namespace hone
