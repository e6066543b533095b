#include "registry/decision_store.h"

#include <gtest/gtest.h>

#include <cmath>

#include "registry/drift_event_store.h"
#include "registry/schema.h"
#include "storage/testing/temporary_folder.h"

namespace hone {
namespace {

class DecisionStoreTest : public testing::Test {
 protected:
  void SetUp() override {
    database_ = std::move(*Database::Open(folder_ / "a.db"));
    ASSERT_TRUE(Migrate(*database_, RegistryMigrations(), "0.1.0").ok());
  }
  Decision Next(DecisionKind kind, const std::string& model = "volatility") {
    return {ids_.Next(++now_ * kSecond), now_ * kSecond, kind, model, "1.0.0", "because", R"({"p":0.5})"};
  }

  TemporaryFolder folder_;
  std::unique_ptr<Database> database_;
  IdGenerator ids_{1};
  Time now_ = 1'000'000;
};

TEST_F(DecisionStoreTest, KeepsDecisionsInOrder) {
  DecisionStore store(*database_);
  const Decision first = Next(DecisionKind::kActivate);
  const Decision second = Next(DecisionKind::kPromote);
  const Decision other = Next(DecisionKind::kAlert, "other");
  for (const auto& decision : {second, first, other}) ASSERT_TRUE(store.Append(decision).ok());
  const auto all = *store.List();
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[0].id, first.id);
  EXPECT_EQ(all[0].evidence, first.evidence);
  EXPECT_EQ(all[0].kind, DecisionKind::kActivate);
  EXPECT_EQ(all[0].time, first.time);
  EXPECT_EQ(store.List({.model = "volatility"})->size(), 2U);
  EXPECT_EQ(store.List({.kind = DecisionKind::kPromote})->front().id, second.id);
  EXPECT_EQ(store.List({.limit = 1})->front().id, other.id);
  EXPECT_EQ(store.List({.before = second.id})->size(), 1U);
  EXPECT_EQ((*store.Find(second.id))->reason, "because");
  EXPECT_FALSE(store.Find(ids_.Next(0))->has_value());
}

TEST_F(DecisionStoreTest, TheLogOnlyGrows) {
  DecisionStore store(*database_);
  const Decision decision = Next(DecisionKind::kPromote);
  ASSERT_TRUE(store.Append(decision).ok());
  EXPECT_EQ(store.Append(decision).error().code, ErrorCode::kConflict);
  for (const char* sql : {"UPDATE decisions SET reason = 'other'", "DELETE FROM decisions",
                          "INSERT OR REPLACE INTO decisions SELECT * FROM decisions"}) {
    const Status status = database_->Execute(sql);
    ASSERT_FALSE(status.ok()) << sql;
    EXPECT_EQ(status.error().code, ErrorCode::kConflict);
    EXPECT_NE(status.error().message.find("decisions only grow"), std::string::npos);
  }
  EXPECT_EQ(store.List()->size(), 1U);
}

TEST_F(DecisionStoreTest, EvidenceIsAnObject) {
  DecisionStore store(*database_);
  for (const char* evidence : {"", "[]", "1", "{", "null"}) {
    Decision decision = Next(DecisionKind::kAlert);
    decision.evidence = evidence;
    EXPECT_EQ(store.Append(decision).error().code, ErrorCode::kInvalidArgument) << evidence;
  }
  EXPECT_TRUE(store.List()->empty());
}

TEST_F(DecisionStoreTest, EveryKindHasAName) {
  for (int kind = 0; kind <= static_cast<int>(DecisionKind::kAlert); ++kind) {
    EXPECT_EQ(*ParseDecisionKind(DecisionKindName(static_cast<DecisionKind>(kind))), static_cast<DecisionKind>(kind));
  }
  EXPECT_FALSE(ParseDecisionKind("promoted").ok());
}

TEST_F(DecisionStoreTest, DriftEventsRoundTrip) {
  DriftEventStore store(*database_);
  DriftEvent event;
  event.id = ids_.Next(now_);
  event.time = 7;
  event.model = "volatility";
  event.version = "1.0.0";
  event.kind = DriftKind::kPerformance;
  event.subject = "rsi_14";
  event.method = "kolmogorov_smirnov";
  event.severity = Severity::kHigh;
  event.statistic = 0.1;
  event.effect = std::nan("");
  event.p_value = 1e-300;
  event.reference_rows = 5;
  event.current_rows = 6;
  ASSERT_TRUE(store.Append(event).ok());
  event.id = ids_.Next(now_);
  event.severity = Severity::kLow;
  ASSERT_TRUE(store.Append(event).ok());
  EXPECT_EQ(store.List()->size(), 2U);
  EXPECT_TRUE(store.List({.model = "none"})->empty());
  const auto older = *store.List({.before = event.id});
  ASSERT_EQ(older.size(), 1U);
  EXPECT_EQ(older[0].severity, Severity::kHigh);
  const auto high = *store.List({.at_least = Severity::kMedium});
  ASSERT_EQ(high.size(), 1U);
  EXPECT_EQ(high[0].kind, DriftKind::kPerformance);
  EXPECT_EQ(high[0].subject, "rsi_14");
  EXPECT_EQ(high[0].severity, Severity::kHigh);
  EXPECT_EQ(high[0].statistic, 0.1);
  EXPECT_TRUE(std::isnan(high[0].effect));
  EXPECT_EQ(high[0].p_value, 1e-300);
  EXPECT_EQ(high[0].current_rows, 6);
}

TEST(Severity, IsToldByItsName) {
  for (int severity = 0; severity <= static_cast<int>(Severity::kCritical); ++severity) {
    EXPECT_EQ(*ParseSeverity(SeverityName(static_cast<Severity>(severity))), static_cast<Severity>(severity));
  }
  EXPECT_EQ(ParseSeverity("worse").error().key, "severity");
}

}  // namespace
}  // namespace hone
