// Whatever happens to a model, in whatever order, and wherever the process is killed: the rules of a rollout hold.
//
//   at most one version is active, and it is the one that answers; every prediction names a version that was made
//   only validated versions answer, none that was rejected; a roll back goes to a version that was validated
//   no verdict from fewer matured outcomes than the policy's minimum, nor without its evidence
//   a paused rollout takes no step, a gate is passed by a person's word alone, a deadline ends it
//   frozen rollouts stay so until a person unfreezes them
//   doubled outcomes change nothing; the log of decisions only grows; a killed process goes on where it was
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <ostream>
#include <set>

#include "engine/rollout_status.h"
#include "scripted_loop.h"

namespace hone::properties {
namespace {

using Json = nlohmann::json;

enum class Kind {
  kServe,        // requests, each told as soon as it is mature
  kServeLate,    // requests, told in reverse order after the last
  kServeUntold,  // requests that are never told
  kDoubled,      // outcomes told again
  kNextFits,     // how good the next versions will be
  kThrow,        // fits fail from now on, or no longer
  kHold,         // jobs do not end from now on, or do again
  kRetrain,
  kAct,
  kPromote,
  kRollBack,
  kKill,
};

struct Command {
  Kind kind = Kind::kServe;
  int size = 0;    // rows, or which
  int choice = 0;  // of acts, versions, qualities
  bool killed_during = false;
};

std::ostream& operator<<(std::ostream& out, const Command& command) {
  static constexpr const char* kNames[] = {"serve", "serve late", "serve untold", "doubled", "next fits", "throw",
                                           "hold",  "retrain",    "act",          "promote", "roll back", "kill"};
  return out << kNames[static_cast<int>(command.kind)] << " " << command.size << " " << command.choice
             << (command.killed_during ? " killed" : "");
}

rc::Gen<Command> AnyCommand() {
  const auto kind = rc::gen::weightedElement<Kind>({{12, Kind::kServe},
                                                    {2, Kind::kServeLate},
                                                    {2, Kind::kServeUntold},
                                                    {1, Kind::kDoubled},
                                                    {4, Kind::kNextFits},
                                                    {1, Kind::kThrow},
                                                    {1, Kind::kHold},
                                                    {4, Kind::kRetrain},
                                                    {5, Kind::kAct},
                                                    {1, Kind::kPromote},
                                                    {1, Kind::kRollBack},
                                                    {3, Kind::kKill}});
  return rc::gen::build<Command>(
      rc::gen::set(&Command::kind, kind), rc::gen::set(&Command::size, rc::gen::inRange(1, 40)),
      rc::gen::set(&Command::choice, rc::gen::inRange(0, 20)),
      rc::gen::set(&Command::killed_during, rc::gen::weightedElement<bool>({{9, false}, {1, true}})));
}

Policy AnyPolicy() {
  Policy policy;
  policy.retraining.initial_rows = 120;
  policy.retraining.growth = 0.15;
  policy.retraining.cooldown_rows = 5;
  policy.retraining.budget = 1000;
  policy.retraining.twin_rows = 30;
  policy.retraining.twin_ratio = 3;
  policy.rollout.alpha = 0.5;  // verdicts after a few dozen rows
  policy.rollout.practice_margin = 0.1;
  policy.rollout.watch_rows = 40;
  policy.rollout.freeze_rows = 10;
  policy.rollout.minimum_outcomes = *rc::gen::element(12, 30);
  policy.rollout.step_predictions = *rc::gen::element(1, 4, 12);
  policy.rollout.gates =
      *rc::gen::element(std::vector<double>{}, std::vector<double>{0.5}, std::vector<double>{0.1, 1});
  policy.rollout.deadline_days = *rc::gen::element(0, 20);
  policy.rollout.maximum_rollbacks = *rc::gen::element(1, 2, 3);
  policy.drift.every = 50;
  policy.drift.window = 50;
  return policy;
}

// What the decisions so far say of the rollout, to judge the next one by.
class Rules {
 public:
  explicit Rules(const RolloutPolicy& policy) : policy_(policy) {}

  void Look(const ScriptedLoop& run) {
    for (const std::string& broken : run.broken()) RC_FAIL(broken);
    LookAtLog(run.stored().decisions);
    if (!run.loop().serving()) return;
    LookAtVersions(run);
    LookAtStatus(run);
  }

  const std::set<DecisionKind>& seen() const { return seen_; }

 private:
  void LookAtLog(const std::vector<Decision>& log) {
    RC_ASSERT(log.size() >= looked_at_);
    for (; looked_at_ < log.size(); ++looked_at_) {
      const Decision& decision = log[looked_at_];
      RC_ASSERT(newest_ < decision.id);
      newest_ = decision.id;
      seen_.insert(decision.kind);
      LookAt(decision, Json::parse(decision.evidence));
    }
  }

  void LookAt(const Decision& decision, const Json& evidence) {
    const bool by_person = evidence.contains("by") && evidence.at("by") != "policy";
    switch (decision.kind) {
      case DecisionKind::kShadow:
        RC_ASSERT(!frozen_);
        RC_ASSERT(on_release_.empty());
        if (evidence.at("question") == "recipe") Proven(evidence.at("because"), policy_.minimum_outcomes);
        on_release_ = decision.version;
        paused_ = false;
        break;
      case DecisionKind::kAdvance: {
        const double share = evidence.at("share");
        const auto& gates = policy_.gates;
        RC_ASSERT(decision.version == on_release_);
        RC_ASSERT(by_person || (!paused_ && std::find(gates.begin(), gates.end(), share) == gates.end()));
        break;
      }
      case DecisionKind::kPromote:
        RC_ASSERT(by_person || (decision.version == on_release_ && !paused_));
        on_release_.clear();
        break;
      case DecisionKind::kRollBack:
        // Answers out of range, or that are no numbers, need no evidence.
        if (!by_person && !evidence.contains("guardrail")) Proven(evidence, 24 * ScriptedLoop::kHorizon);
        on_release_.clear();
        break;
      case DecisionKind::kAbort: on_release_.clear(); break;
      case DecisionKind::kPause: paused_ = paused_ || by_person; break;
      case DecisionKind::kResume: paused_ = false; break;
      case DecisionKind::kFreezeRollouts: frozen_ = true; break;
      case DecisionKind::kUnfreezeRollouts: frozen_ = false; break;
      default: break;
    }
  }

  static void Proven(const Json& evidence, std::int64_t rows) {
    RC_ASSERT(evidence.at("rows").get<std::int64_t>() >= rows);
    RC_ASSERT(evidence.at("log_e").get<double>() >= evidence.at("threshold").get<double>());
  }

  void LookAtVersions(const ScriptedLoop& run) const {
    const auto& stages = run.stored().stages;
    const ImprovementLoop::Routing routing = run.loop().routing();
    const auto active =
        std::count_if(stages.begin(), stages.end(), [](const auto& entry) { return entry.second == Stage::kActive; });
    RC_ASSERT(active == 1);
    RC_ASSERT(stages.at(routing.champion->name) == Stage::kActive);
    if (routing.challenger) {
      RC_ASSERT(routing.challenger->name != routing.champion->name);
      RC_ASSERT(stages.at(routing.challenger->name) == (routing.share > 0 ? Stage::kCanary : Stage::kShadow));
    }
    for (const Line& line : run.loop().lines()) {
      if (line.current) RC_ASSERT(!IsFinished(stages.at(line.current->name)));
    }
    if (run.requests() == 0) return;
    const Prediction& newest = run.stored().requests.back().prediction;
    RC_ASSERT(newest.role == Role::kFallback || stages.contains(newest.version));
    RC_ASSERT(newest.propensity > 0 && newest.propensity <= 1);
  }

  void LookAtStatus(const ScriptedLoop& run) const {
    const auto status = ReadRolloutStatus("scripted", ScriptedLoop::kHorizon, policy_, run.loop().SaveState());
    RC_ASSERT(status.ok());
    RC_ASSERT(status->frozen == frozen_);
    const bool on_release = run.loop().routing().challenger != nullptr;
    RC_ASSERT(on_release == !on_release_.empty());
    RC_ASSERT((status->state == RolloutState::kPaused) == (on_release && paused_));
    if (!on_release) return;
    RC_ASSERT(status->release->version == on_release_);
    RC_ASSERT(status->release->share == run.loop().routing().share);
    const std::int64_t deadline = policy_.deadline_days * kDay;
    const Time newest = run.stored().requests.empty() ? 0 : run.stored().requests.back().prediction.time;
    RC_ASSERT(deadline == 0 || newest - *status->release->started <= deadline);
  }

  const RolloutPolicy& policy_;
  std::size_t looked_at_ = 0;
  Id newest_;
  std::string on_release_;
  bool paused_ = false, frozen_ = false;
  std::set<DecisionKind> seen_;
};

// Qualities of the next versions of both recipes: equal, either better, both bad, answers out of range.
constexpr double kErrors[][2] = {{0.5, 0.5}, {0.1, 0.9}, {0.9, 0.1}, {0.2, 0.2}, {1.5, 1.5}, {6, 6}};

void Apply(ScriptedLoop& run, const Command& command) {
  const auto size = static_cast<std::size_t>(command.size);
  const auto choice = static_cast<std::size_t>(command.choice);
  const std::size_t first = run.requests();
  switch (command.kind) {
    case Kind::kServe:
      for (std::size_t i = 0; i < size && run.loop().serving(); ++i) {
        run.Serve();
        if (run.requests() > 1) run.Tell(run.requests() - 2);
      }
      break;
    case Kind::kServeLate:
    case Kind::kServeUntold:
      for (std::size_t i = 0; i < size && run.loop().serving(); ++i) run.Serve();
      for (std::size_t i = run.requests(); i > first && command.kind == Kind::kServeLate; --i) run.Tell(i - 1);
      break;
    case Kind::kDoubled:
      for (std::size_t i = 0; i < std::min(size, first); ++i) run.Tell(first - 1 - i);
      break;
    case Kind::kNextFits:
      std::copy_n(kErrors[choice % std::size(kErrors)], 2, run.next.error);
      run.next.good_for = size % 2 == 0 ? 20 + command.size : 0;
      break;
    case Kind::kThrow: run.next.throw_errors = choice % 2 == 0; break;
    case Kind::kHold: run.next.held = choice % 2 == 0; break;
    case Kind::kRetrain: run.RequestRetraining(); break;
    case Kind::kAct: static_cast<void>(run.Act(kRolloutActs[choice % kRolloutActs.size()])); break;
    case Kind::kPromote:
    case Kind::kRollBack: {
      if (!run.loop().serving()) break;
      auto version = run.stored().stages.begin();
      std::advance(version, choice % run.stored().stages.size());
      const DecisionKind kind = command.kind == Kind::kPromote ? DecisionKind::kPromote : DecisionKind::kRollBack;
      static_cast<void>(run.ActivateByHand(kind, std::string(version->first)));
      break;
    }
    case Kind::kKill: {
      run.Wait();  // a job that is held no longer ends
      const std::string before = run.loop().SaveState();
      run.Kill();
      RC_ASSERT((run.loop().SaveState() == before));  // too long to be shown
      break;
    }
  }
}

TEST(RolloutProperties, NoHistoryBreaksTheRules) {
  setenv("RC_PARAMS", "seed=77 max_success=60 max_size=80", 0);
  std::set<DecisionKind> seen;
  const bool held = rc::check("no history breaks the rules", [&seen] {
    const Policy policy = AnyPolicy();
    ScriptedLoop run(policy, *rc::gen::inRange<std::uint64_t>(0, 1'000'000));
    Rules rules(policy.rollout);
    const auto commands = *rc::gen::scale(2, rc::gen::container<std::vector<Command>>(AnyCommand()));
    for (const Command& command : commands) {
      if (command.killed_during && command.kind != Kind::kKill) {
        run.KillDuring([&] { Apply(run, command); });
      } else {
        Apply(run, command);
      }
      rules.Look(run);
    }
    seen.insert(rules.seen().begin(), rules.seen().end());
  });
  EXPECT_TRUE(held);
  // The histories held what could break them.
  for (const DecisionKind kind :
       {DecisionKind::kRetrain, DecisionKind::kReject, DecisionKind::kShadow, DecisionKind::kAdvance,
        DecisionKind::kPromote, DecisionKind::kRollBack, DecisionKind::kFreeze, DecisionKind::kPause,
        DecisionKind::kResume, DecisionKind::kAbort, DecisionKind::kFreezeRollouts, DecisionKind::kUnfreezeRollouts}) {
    EXPECT_TRUE(seen.contains(kind)) << DecisionKindName(kind);
  }
}

}  // namespace
}  // namespace hone::properties
