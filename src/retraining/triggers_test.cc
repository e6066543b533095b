#include "retraining/triggers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hone {
namespace {

constexpr int kHorizon = 5;

RetrainingPolicy Policy() {
  RetrainingPolicy policy;
  policy.growth = 0.5;
  policy.cooldown_rows = 10;
  policy.budget = 3;
  policy.budget_rows = 200;
  return policy;
}

// Triggers after a first training at 1,000 rows, with a reference loss of 1.
RetrainingTriggers Begun(const RetrainingPolicy& policy) {
  RetrainingTriggers triggers(policy, kHorizon);
  triggers.OnRetraining(1000, TriggerKind::kInitial);
  LossRecord reference(RetrainingTriggers::RecentWindow(kHorizon));
  for (int i = 0; i < 200; ++i) reference.Add(1);
  triggers.SetReference(reference);
  return triggers;
}

void Lose(RetrainingTriggers& triggers, double loss, int rows = 60) {
  for (int i = 0; i < rows; ++i) triggers.OnOutcome(loss);
}

TriggerKind KindAt(const RetrainingTriggers& triggers, std::int64_t rows) {
  const auto trigger = triggers.Check(rows);
  EXPECT_TRUE(trigger) << rows;
  return trigger ? trigger->kind : TriggerKind::kInitial;
}

TEST(RetrainingTriggers, RecentWindowIsTwelveHorizonsButAtLeastSixtyRows) {
  EXPECT_EQ(RetrainingTriggers::RecentWindow(1), 60);
  EXPECT_EQ(RetrainingTriggers::RecentWindow(5), 60);
  EXPECT_EQ(RetrainingTriggers::RecentWindow(22), 264);
}

TEST(RetrainingTriggers, NothingWithoutNeed) {
  RetrainingTriggers triggers = Begun(Policy());
  Lose(triggers, 1);
  EXPECT_FALSE(triggers.Check(1000));
  EXPECT_FALSE(triggers.Check(1499));
}

TEST(RetrainingTriggers, GrowthByTheFraction) {
  RetrainingTriggers triggers = Begun(Policy());
  EXPECT_FALSE(triggers.Check(1499));
  EXPECT_EQ(KindAt(triggers, 1500), TriggerKind::kGrowth);
  triggers.OnRetraining(1500, TriggerKind::kGrowth);
  EXPECT_FALSE(triggers.Check(2249));
  EXPECT_EQ(KindAt(triggers, 2250), TriggerKind::kGrowth);
}

TEST(RetrainingTriggers, ScheduleOnlyWhereThePolicyHasOne) {
  RetrainingPolicy policy = Policy();
  EXPECT_FALSE(Begun(policy).Check(1100));
  policy.schedule_rows = 63;
  EXPECT_FALSE(Begun(policy).Check(1062));
  EXPECT_EQ(KindAt(Begun(policy), 1063), TriggerKind::kSchedule);
}

TEST(RetrainingTriggers, RealisedLossOutsideTheRange) {
  RetrainingTriggers triggers = Begun(Policy());
  Lose(triggers, 1.29);
  EXPECT_FALSE(triggers.Check(1100));
  Lose(triggers, 1.31);
  const auto trigger = triggers.Check(1100);
  ASSERT_TRUE(trigger);
  EXPECT_EQ(trigger->kind, TriggerKind::kRealisedLoss);
  EXPECT_NEAR(trigger->loss_ratio, 1.31, 1e-9);
  EXPECT_NEAR(trigger->recent_loss, 1.31, 1e-9);
  EXPECT_NEAR(trigger->reference_loss, 1, 1e-9);
  EXPECT_EQ(trigger->rows, 1100);
  EXPECT_EQ(trigger->last_rows, 1000);
  EXPECT_THAT(trigger->reason, testing::HasSubstr("1.31"));
}

TEST(RetrainingTriggers, ALossTheRecipeHasBeenThroughIsNoNews) {
  RetrainingTriggers triggers = Begun(Policy());
  LossRecord reference(60);
  for (int i = 0; i < 600; ++i) reference.Add(i >= 300 && i < 360 ? 3 : 1);
  triggers.SetReference(reference);
  Lose(triggers, 2.9);
  EXPECT_FALSE(triggers.Check(1100));
  Lose(triggers, 3.1);
  EXPECT_EQ(KindAt(triggers, 1100), TriggerKind::kRealisedLoss);
}

TEST(RetrainingTriggers, RealisedLossNeedsAFullWindow) {
  RetrainingTriggers triggers = Begun(Policy());
  Lose(triggers, 50, 59);
  EXPECT_FALSE(triggers.Check(1100));
  Lose(triggers, 50, 1);
  EXPECT_EQ(KindAt(triggers, 1100), TriggerKind::kRealisedLoss);
}

TEST(RetrainingTriggers, DriftCountsOnlyWithALossThatHasRisen) {
  RetrainingTriggers triggers = Begun(Policy());
  triggers.OnDrift(Severity::kCritical);
  Lose(triggers, 1.05);
  EXPECT_FALSE(triggers.Check(1100));  // drift without loss is common
  Lose(triggers, 1.15);
  EXPECT_EQ(KindAt(triggers, 1100), TriggerKind::kDrift);
  triggers.OnDrift(Severity::kMedium);
  EXPECT_FALSE(triggers.Check(1100));
}

TEST(RetrainingTriggers, ANewReferenceForgetsTheRecentLoss) {
  RetrainingTriggers triggers = Begun(Policy());
  Lose(triggers, 5);
  LossRecord reference(60);
  for (int i = 0; i < 100; ++i) reference.Add(1);
  triggers.SetReference(reference);
  EXPECT_FALSE(triggers.Check(1100));
}

TEST(RetrainingTriggers, CooldownHoldsEveryTriggerButAnOperators) {
  RetrainingTriggers triggers = Begun(Policy());
  Lose(triggers, 5);
  EXPECT_FALSE(triggers.Check(1009));
  EXPECT_TRUE(triggers.Check(1010));
  triggers.Request();
  EXPECT_EQ(KindAt(triggers, 1001), TriggerKind::kRequested);
  triggers.OnRetraining(1001, TriggerKind::kRequested);
  EXPECT_FALSE(triggers.Check(1002));
}

TEST(RetrainingTriggers, AlarmsInARowDoubleTheCooldown) {
  RetrainingPolicy policy = Policy();
  policy.growth = 10;
  policy.budget = 1000;
  RetrainingTriggers triggers = Begun(policy);
  Lose(triggers, 5);
  std::int64_t at = 1000;
  for (const int cooldown : {10, 10, 20, 40, 80, 160, 320, 320, 320}) {
    EXPECT_FALSE(triggers.Check(at + cooldown - 1)) << cooldown;
    EXPECT_EQ(KindAt(triggers, at + cooldown), TriggerKind::kRealisedLoss);
    at += cooldown;
    triggers.OnRetraining(at, TriggerKind::kRealisedLoss);
  }
  triggers.OnRetraining(at, TriggerKind::kGrowth);  // any other reason ends the row
  EXPECT_TRUE(triggers.Check(at + 10));
}

TEST(RetrainingTriggers, AlarmsInARowDoNotHoldGrowth) {
  RetrainingTriggers triggers = Begun(Policy());
  for (int i = 0; i < 5; ++i) triggers.OnRetraining(100 + i, TriggerKind::kDrift);
  EXPECT_EQ(KindAt(triggers, 400), TriggerKind::kGrowth);
}

TEST(RetrainingTriggers, BudgetBoundsRetrainingsWithinItsRows) {
  RetrainingPolicy policy = Policy();
  policy.growth = 10;
  RetrainingTriggers triggers = Begun(policy);  // the first training counts
  Lose(triggers, 5);
  triggers.OnRetraining(1020, TriggerKind::kRequested);
  triggers.OnRetraining(1040, TriggerKind::kRequested);
  EXPECT_FALSE(triggers.Check(1199));
  EXPECT_EQ(KindAt(triggers, 1200), TriggerKind::kRealisedLoss);  // the first is out of the 200 rows
}

TEST(RetrainingTriggers, AnOperatorIsNotBoundByTheBudget) {
  RetrainingTriggers triggers = Begun(Policy());
  for (const int at : {1020, 1040, 1060}) triggers.OnRetraining(at, TriggerKind::kRequested);
  EXPECT_FALSE(triggers.Check(1100));
  triggers.Request();
  EXPECT_EQ(KindAt(triggers, 1100), TriggerKind::kRequested);
}

TEST(RetrainingTriggers, RestoredTriggersGoOnTheSame) {
  RetrainingTriggers triggers = Begun(Policy());
  Lose(triggers, 1.15);
  triggers.OnDrift(Severity::kHigh);
  triggers.OnRetraining(1020, TriggerKind::kDrift);
  RetrainingTriggers restored(Policy(), kHorizon);
  restored.Restore(triggers.state());
  for (const std::int64_t rows : {1021, 1029, 1030, 1039, 1040, 1100, 1530}) {
    const auto mine = restored.Check(rows), theirs = triggers.Check(rows);
    ASSERT_EQ(mine.has_value(), theirs.has_value()) << rows;
    if (mine) {
      EXPECT_EQ(mine->reason, theirs->reason) << rows;
    }
  }
}

TEST(RetrainingTriggers, Names) {
  EXPECT_STREQ(TriggerKindName(TriggerKind::kInitial), "initial");
  EXPECT_STREQ(TriggerKindName(TriggerKind::kGrowth), "growth");
  EXPECT_STREQ(TriggerKindName(TriggerKind::kSchedule), "schedule");
  EXPECT_STREQ(TriggerKindName(TriggerKind::kRealisedLoss), "realised_loss");
  EXPECT_STREQ(TriggerKindName(TriggerKind::kDrift), "drift");
  EXPECT_STREQ(TriggerKindName(TriggerKind::kRequested), "requested");
}

}  // namespace
}  // namespace hone
