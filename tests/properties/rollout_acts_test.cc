// What a person says to a rollout, and what the policy has it wait for.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/rollout_status.h"
#include "scripted_loop.h"

namespace hone::properties {
namespace {

using testing::HasSubstr;

Policy EagerPolicy() {
  Policy policy;
  policy.retraining.cooldown_rows = 5;
  policy.rollout.alpha = 0.5;
  policy.rollout.minimum_outcomes = 30;
  policy.rollout.watch_rows = 40;
  return policy;
}

class RolloutActs : public testing::Test {
 protected:
  // Rows whose outcomes are known the day after.
  void Serve(int rows) {
    for (int i = 0; i < rows; ++i) {
      run_->Serve();
      if (run_->requests() > 1) run_->Tell(run_->requests() - 2);
      ASSERT_TRUE(run_->broken().empty()) << run_->broken().front();
    }
  }
  // A better version of the other recipe is trained and proves itself.
  void Begin(const Policy& policy, int good_for = 0) {
    if (!run_) run_.emplace(policy, 3);
    Serve(20);
    const std::string champion = run_->loop().routing().champion->name;
    const bool first = run_->loop().recipes()[0].name == "first" && champion[0] == '1';
    run_->next = {{first ? 0.6 : 0.1, first ? 0.1 : 0.6}, good_for};
    run_->RequestRetraining();
    for (int i = 0; i < 1000 && !run_->loop().routing().challenger; ++i) Serve(1);
    ASSERT_TRUE(run_->loop().routing().challenger) << "nothing was released";
  }
  RolloutStatus Status() const {
    return *ReadRolloutStatus("scripted", ScriptedLoop::kHorizon, run_->policy().rollout, run_->loop().SaveState());
  }
  const Decision& Newest(DecisionKind kind) const {
    static const Decision none;
    const auto& log = run_->stored().decisions;
    const auto found = std::find_if(log.rbegin(), log.rend(), [&](const Decision& one) { return one.kind == kind; });
    return found == log.rend() ? none : *found;
  }
  std::int64_t Count(DecisionKind kind) const {
    const auto& log = run_->stored().decisions;
    return std::count_if(log.begin(), log.end(), [&](const Decision& one) { return one.kind == kind; });
  }

  std::optional<ScriptedLoop> run_;
};

TEST_F(RolloutActs, APausedRolloutKeepsItsShareUntilItIsResumed) {
  Begin(EagerPolicy());
  Serve(4);
  ASSERT_EQ(run_->loop().routing().share, 0.1);
  ASSERT_TRUE(run_->Act(RolloutAct::kPause).ok());
  EXPECT_EQ(Status().state, RolloutState::kPaused);
  EXPECT_FALSE(run_->Act(RolloutAct::kPause).ok());
  Serve(15);
  run_->Kill();
  Serve(15);
  EXPECT_EQ(run_->loop().routing().share, 0.1);
  EXPECT_EQ(Status().release->replaced.judgement.evidence.rows, 29) << "its guard goes on";
  ASSERT_TRUE(run_->Act(RolloutAct::kResume).ok());
  EXPECT_EQ(Newest(DecisionKind::kResume).evidence, R"({"by":"tester","why":"to see"})");
  Serve(4);
  EXPECT_EQ(run_->loop().routing().share, 0.5);
}

TEST_F(RolloutActs, APausedVersionThatTurnsBadIsTakenBack) {
  Begin(EagerPolicy(), 80);
  const std::string version = run_->loop().routing().challenger->name;
  ASSERT_TRUE(run_->Act(RolloutAct::kPause).ok());
  for (int i = 0; i < 200 && Count(DecisionKind::kRollBack) == 0; ++i) Serve(1);
  EXPECT_EQ(Newest(DecisionKind::kRollBack).version, version);
  EXPECT_EQ(run_->stored().stages.at(version), Stage::kRejected);
}

TEST_F(RolloutActs, AGateWaitsForAPerson) {
  Policy policy = EagerPolicy();
  policy.rollout.gates = {0.5};
  Begin(policy);
  Serve(30);
  EXPECT_EQ(Status().state, RolloutState::kWaiting);
  EXPECT_EQ(run_->loop().routing().share, 0.1);
  EXPECT_THAT(Newest(DecisionKind::kPause).reason, HasSubstr("waits for a person before it answers 50 %"));
  EXPECT_EQ(Count(DecisionKind::kPause), 1) << "told once";
  EXPECT_THAT(run_->Act(RolloutAct::kResume).error().message, HasSubstr("waits at a gate; advance it"));
  run_->Kill();
  EXPECT_EQ(Status().state, RolloutState::kWaiting);
  ASSERT_TRUE(run_->Act(RolloutAct::kAdvance).ok());
  EXPECT_EQ(run_->loop().routing().share, 0.5);
  EXPECT_THAT(Newest(DecisionKind::kAdvance).evidence, HasSubstr(R"("by":"tester","why":"to see")"));
  Serve(8);
  EXPECT_EQ(Count(DecisionKind::kPromote), 1) << "the other steps have no gate";
}

TEST_F(RolloutActs, AdvanceAfterTheLastStepPromotes) {
  Begin(EagerPolicy());
  const std::string version = run_->loop().routing().challenger->name;
  for (int i = 0; i < 4; ++i) ASSERT_TRUE(run_->Act(RolloutAct::kAdvance).ok());
  EXPECT_EQ(run_->loop().routing().champion->name, version);
  EXPECT_THAT(Newest(DecisionKind::kPromote).evidence, HasSubstr(R"("by":"tester")"));
  EXPECT_THAT(run_->Act(RolloutAct::kAdvance).error().message, HasSubstr("no version is on release"));
}

TEST_F(RolloutActs, AnAbortedVersionIsRejectedAndCountsAsNoRollBack) {
  Begin(EagerPolicy());
  const std::string version = run_->loop().routing().challenger->name;
  const std::string champion = run_->loop().routing().champion->name;
  Serve(6);
  ASSERT_TRUE(run_->Act(RolloutAct::kAbort).ok());
  EXPECT_EQ(run_->stored().stages.at(version), Stage::kRejected);
  EXPECT_EQ(run_->loop().routing().champion->name, champion);
  EXPECT_FALSE(run_->loop().routing().challenger);
  EXPECT_EQ(Status().rollbacks_in_a_row, 0);
  EXPECT_EQ(run_->loop().counts().rollbacks, 0);
  EXPECT_THAT(Newest(DecisionKind::kAbort).evidence, HasSubstr(R"("by":"tester","why":"to see","from":"canary")"));
}

TEST_F(RolloutActs, ADeadlineEndsWhatIsNeitherPromotedNorTakenBack) {
  Policy policy = EagerPolicy();
  policy.rollout.gates = {1};
  policy.rollout.deadline_days = 30;
  Begin(policy);
  Serve(29);
  EXPECT_EQ(Status().state, RolloutState::kWaiting);
  Serve(2);
  EXPECT_EQ(Status().state, RolloutState::kNone);
  EXPECT_THAT(Newest(DecisionKind::kAbort).reason, HasSubstr("within 30 days"));
  EXPECT_THAT(Newest(DecisionKind::kAbort).evidence, HasSubstr(R"("by":"policy","deadline_days":30)"));
}

TEST_F(RolloutActs, TooManyRollBacksFreezeRolloutsUntilAPersonLooks) {
  Policy policy = EagerPolicy();
  policy.rollout.maximum_rollbacks = 1;
  policy.rollout.step_predictions = 200;
  Begin(policy, 80);
  Serve(200);
  ASSERT_EQ(Count(DecisionKind::kRollBack), 1);
  EXPECT_EQ(Count(DecisionKind::kFreezeRollouts), 1);
  EXPECT_EQ(Count(DecisionKind::kAlert), 1) << "a person is told";
  EXPECT_TRUE(Status().frozen);
  const std::int64_t begun = Count(DecisionKind::kShadow);
  run_->next = {{0.05, 0.05}};
  run_->RequestRetraining();
  run_->Kill();
  Serve(300);
  EXPECT_EQ(Count(DecisionKind::kShadow), begun);
  ASSERT_TRUE(run_->Act(RolloutAct::kUnfreeze).ok());
  EXPECT_THAT(run_->Act(RolloutAct::kUnfreeze).error().message, HasSubstr("rollouts are not frozen"));
  EXPECT_FALSE(Status().frozen);
  Serve(300);
  EXPECT_GT(Count(DecisionKind::kShadow), begun);
}

TEST_F(RolloutActs, ACanaryWhoseSharesAreWrongWaitsForAPerson) {
  run_.emplace(EagerPolicy(), 3);
  run_->Hold();
  EXPECT_EQ(Count(DecisionKind::kPause), 0) << "nothing is on release";
  Begin(EagerPolicy());
  Serve(4);
  run_->Hold();
  run_->Hold();
  EXPECT_EQ(Count(DecisionKind::kPause), 1);
  run_->Kill();
  Serve(20);
  EXPECT_EQ(Status().state, RolloutState::kPaused);
  EXPECT_EQ(run_->loop().routing().share, 0.1);
  ASSERT_TRUE(run_->Act(RolloutAct::kResume).ok());
  Serve(4);
  EXPECT_EQ(run_->loop().routing().share, 0.5);
}

TEST_F(RolloutActs, AVersionThatBreaksAGuardrailIsTakenBackThoughItsLossIsBetter) {
  Begin(EagerPolicy());
  Serve(6);
  const std::string version = run_->loop().routing().challenger->name;
  const std::string champion = run_->loop().routing().champion->name;
  run_->BreakGuardrail(champion);
  EXPECT_EQ(Count(DecisionKind::kRollBack), 0) << "that one is not on release";
  run_->BreakGuardrail(version);
  EXPECT_EQ(Newest(DecisionKind::kRollBack).version, version);
  EXPECT_THAT(Newest(DecisionKind::kRollBack).evidence,
              HasSubstr(R"("guardrail":"latency","from":"canary","to":")" + champion));
  EXPECT_EQ(run_->stored().stages.at(version), Stage::kRejected);
  EXPECT_EQ(run_->loop().routing().champion->name, champion);
  EXPECT_EQ(Status().rollbacks_in_a_row, 1);
}

}  // namespace
}  // namespace hone::properties
