#include "alerts/alert_desk.h"

#include <gtest/gtest.h>

#include <limits>

#include "registry/schema.h"
#include "storage/outbox.h"
#include "storage/testing/temporary_folder.h"

namespace hone {
namespace {

constexpr Time kDeskStart = 20'000 * kDay;

// A folder whose hone.db takes decisions and drift, and the desks that read it one after the other.
class Folder {
 public:
  Folder() : clock(kDeskStart), database_(Database::Open(folder_ / "hone.db").value()) {
    EXPECT_TRUE(Migrate(*database_, JoinMigrations({RegistryMigrations(), AlertFeedMigrations()}), "test").ok());
  }
  void Decide(DecisionKind kind, Time time, const char* evidence = "{}") {
    EXPECT_TRUE(
        DecisionStore(*database_).Append({ids_.Next(time), time, kind, "m", "1.0.1", "because", evidence}).ok());
  }
  void Drift(Severity severity) {
    DriftEvent event{
        ids_.Next(clock.Now()), clock.Now(), "m", "1.0.0", DriftKind::kFeature, "x", "ks", severity, 1, 0.4};
    EXPECT_TRUE(DriftEventStore(*database_).Append(event).ok());
  }
  std::unique_ptr<AlertDesk> Open() {
    AlertOptions options;
    options.timing.group_wait = 0;
    options.routes = {{"all"}, {"pager", AlertSeverity::kCritical, false}};
    auto desk = AlertDesk::Open(folder_.path(), options, clock);
    EXPECT_TRUE(desk.ok()) << desk.error().ToString();
    return std::move(desk).value();
  }
  std::int64_t Queued(const char* channel) {
    const auto alerts = OpenAlertDatabase(folder_.path()).value();
    return Outbox(*alerts).Count(channel).value();
  }

  VirtualClock clock;

 private:
  TemporaryFolder folder_;
  std::unique_ptr<Database> database_;
  IdGenerator ids_{1};
};

std::string Firing(AlertDesk& desk) {
  std::string text;
  const std::vector<ListedAlert> all = desk.List().value();
  for (const ListedAlert& listed : all) {
    if (listed.alert.firing())
      text += listed.alert.labels.at("alertname") + " " + listed.alert.labels.at("severity") + ";";
  }
  return text;
}

TEST(AlertDesk, DecisionsAndDriftBecomeAlertsAndMessages) {
  Folder folder;
  folder.Decide(DecisionKind::kFreeze, kDeskStart);  // before there was a desk
  const auto desk = folder.Open();
  ASSERT_TRUE(desk->Turn().ok());
  EXPECT_EQ(Firing(*desk), "");
  folder.Decide(DecisionKind::kRollBack, kDeskStart - 5'000 * kDay);  // of market time long past
  folder.Decide(DecisionKind::kShadow, kDeskStart);
  folder.Drift(Severity::kLow);
  ASSERT_TRUE(desk->Turn().ok());
  EXPECT_EQ(Firing(*desk), "VersionRolledBack critical;");
  EXPECT_EQ(folder.Queued("all"), 1);
  EXPECT_EQ(folder.Queued("pager"), 1);
  folder.Drift(Severity::kMedium);
  ASSERT_TRUE(desk->Turn().ok());
  EXPECT_EQ(folder.Queued("all"), 2);
  EXPECT_EQ(folder.Queued("pager"), 1) << "a warning";
  ASSERT_TRUE(desk->Turn().ok());
  EXPECT_EQ(folder.Queued("all"), 2) << "told once";
  folder.clock.AdvanceTo(kDeskStart + 3'600 * kSecond);
  ASSERT_TRUE(desk->Turn().ok());
  EXPECT_EQ(Firing(*desk), "");
  EXPECT_EQ(folder.Queued("all"), 4) << "both have ended";
  EXPECT_EQ(folder.Queued("pager"), 1) << "it is not told of ends";
}

TEST(AlertDesk, AFrozenModelFiresUntilAVersionEarnsItsPlace) {
  Folder folder;
  const auto desk = folder.Open();
  folder.Decide(DecisionKind::kFreeze, kDeskStart);
  ASSERT_TRUE(desk->Turn().ok());
  folder.clock.AdvanceTo(kDeskStart + 30 * kDay);
  folder.Decide(DecisionKind::kRollBack, kDeskStart);  // of a canary
  ASSERT_TRUE(desk->Turn().ok());
  EXPECT_NE(Firing(*desk).find("ModelFrozen"), std::string::npos);
  folder.Decide(DecisionKind::kPromote, kDeskStart);
  ASSERT_TRUE(desk->Turn().ok());
  EXPECT_EQ(Firing(*desk), "VersionRolledBack critical;");
  folder.Decide(DecisionKind::kFreeze, kDeskStart);
  folder.Decide(DecisionKind::kRollBack, kDeskStart, R"({"by":"operator"})");
  ASSERT_TRUE(desk->Turn().ok());
  EXPECT_EQ(Firing(*desk), "VersionRolledBack critical;") << "a person chose another version";
  folder.Decide(DecisionKind::kFreeze, kDeskStart);
  folder.Decide(DecisionKind::kRollBack, kDeskStart, R"({"from":"active"})");
  ASSERT_TRUE(desk->Turn().ok());
  EXPECT_EQ(Firing(*desk), "VersionRolledBack critical;") << "the version before answers";
}

TEST(AlertDesk, WhatWaitsForAPersonFiresUntilOneCame) {
  Folder folder;
  const auto desk = folder.Open();
  folder.Decide(DecisionKind::kPause, kDeskStart, R"({"by":"alice"})");
  ASSERT_TRUE(desk->Turn().ok());
  EXPECT_EQ(Firing(*desk), "") << "who paused it knows";
  folder.Decide(DecisionKind::kPause, kDeskStart, R"({"by":"policy"})");
  folder.Decide(DecisionKind::kFreezeRollouts, kDeskStart);
  ASSERT_TRUE(desk->Turn().ok());
  folder.clock.AdvanceTo(kDeskStart + 90 * kDay);
  ASSERT_TRUE(desk->Turn().ok());
  EXPECT_EQ(Firing(*desk), "RolloutWaiting warning;RolloutsFrozen critical;");
  folder.Decide(DecisionKind::kAdvance, kDeskStart);
  ASSERT_TRUE(desk->Turn().ok());
  EXPECT_EQ(Firing(*desk), "RolloutsFrozen critical;");
  folder.Decide(DecisionKind::kPause, kDeskStart, R"({"by":"policy"})");
  folder.Decide(DecisionKind::kResume, kDeskStart);
  ASSERT_TRUE(desk->Turn().ok());
  EXPECT_EQ(Firing(*desk), "RolloutsFrozen critical;") << "held by the policy, and let go on";
  folder.Decide(DecisionKind::kUnfreezeRollouts, kDeskStart);
  ASSERT_TRUE(desk->Turn().ok());
  EXPECT_EQ(Firing(*desk), "");
}

// Killed between the commit of a decision and the desk's turn, and again after the turn: told once, never not.
TEST(AlertDesk, WhatWasCommittedBeforeAKillIsToldAfterIt) {
  Folder folder;
  { folder.Open(); }
  folder.Decide(DecisionKind::kRollBack, kDeskStart);
  EXPECT_EQ(folder.Queued("all"), 0);
  {
    const auto desk = folder.Open();
    ASSERT_TRUE(desk->Turn().ok());
    EXPECT_EQ(folder.Queued("all"), 1);
  }
  const auto desk = folder.Open();
  ASSERT_TRUE(desk->Turn().ok());
  EXPECT_EQ(folder.Queued("all"), 1);
  EXPECT_EQ(Firing(*desk), "VersionRolledBack critical;");
}

TEST(AlertDesk, ASilenceKeepsItQuiet) {
  Folder folder;
  const auto desk = folder.Open();
  const auto silence = desk->Add({{}, {{"model", "m", true}}, 0, kDeskStart + kDay, "desk", "known"});
  ASSERT_TRUE(silence.ok()) << silence.error().ToString();
  EXPECT_EQ(silence->starts_at, kDeskStart);
  folder.Decide(DecisionKind::kFreeze, kDeskStart);
  ASSERT_TRUE(desk->Turn().ok());
  EXPECT_EQ(folder.Queued("all"), 0);
  EXPECT_EQ(desk->List()->at(0).silenced_by, std::vector<Id>{silence->id});
  ASSERT_TRUE(desk->End(silence->id).ok());
  EXPECT_TRUE(desk->Silences()->empty());
  folder.clock.AdvanceTo(kDeskStart + 3'600 * kSecond);
  ASSERT_TRUE(desk->Turn().ok());
  EXPECT_EQ(folder.Queued("all"), 1);
}

// The limits of the issue: win rate 55/50/45 %, drawdown 10/15 %.
MetricReading Reading(const char* name, double value, double low, double high) {
  const Metric metric{name, value, {low, high}, "", 250, 250};
  return {"m", "1.0.0", metric, JudgeMetric(metric, {}).value()};
}

TEST(AlertDesk, MetricsPastTheirLimitsFireUntilTheyAreNot) {
  Folder folder;
  const auto desk = folder.Open();
  std::vector<MetricReading> readings;
  desk->MeasureBy([&readings](Time) { return readings; });
  const auto after = [&](std::vector<MetricReading> now) {
    readings = std::move(now);
    folder.clock.AdvanceTo(folder.clock.Now() + 60 * kSecond);
    EXPECT_TRUE(desk->Turn().ok());
    return Firing(*desk);
  };
  EXPECT_EQ(after({Reading("win_rate", 0.52, 0.48, 0.56)}), "");
  EXPECT_EQ(after({Reading("win_rate", 0.48, 0.44, 0.52)}), "") << "may be chance";
  EXPECT_EQ(after({Reading("win_rate", 0.48, 0.46, 0.499)}), "PerformanceBelowThreshold warning;");
  EXPECT_EQ(after({Reading("win_rate", 0.44, 0.40, 0.48)}), "PerformanceBelowThreshold warning;") << "surely that";
  EXPECT_EQ(after({Reading("win_rate", 0.40, 0.36, 0.44)}), "PerformanceBelowThreshold critical;");
  EXPECT_EQ(after({}), "PerformanceBelowThreshold critical;") << "not measured";
  EXPECT_EQ(after({Reading("win_rate", std::numeric_limits<double>::quiet_NaN(), 0, 1)}),
            "PerformanceBelowThreshold critical;")
      << "no data";
  EXPECT_EQ(after({Reading("win_rate", 0.51, 0.47, 0.55), Reading("max_drawdown", 0.12, 0.11, 0.14)}),
            "PerformanceBelowThreshold warning;");
  EXPECT_EQ(after({Reading("max_drawdown", 0.2, 0.16, 0.3)}), "PerformanceBelowThreshold critical;");
  EXPECT_EQ(after({Reading("max_drawdown", 0.09, 0.05, 0.3)}), "");
}

}  // namespace
}  // namespace hone
