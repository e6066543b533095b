#include "drift/drift_check.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "drift/dependent_series_for_test.h"
#include "drift/loss_monitor.h"
#include "drift/severity.h"

namespace hone {
namespace {

DriftReport Compare(const DependentSeries& kind, std::int64_t reference_rows, std::int64_t current_rows, double shift) {
  std::vector<double> reference = MakeSeries(kind, reference_rows, 1), current = MakeSeries(kind, current_rows, 2);
  for (std::size_t i = 3; i < current.size(); i += kColumns) current[i] += shift;
  return DriftCheck::Make(SeriesNames(), reference, DriftPolicy())->Compare(current).value();
}

TEST(DriftCheck, NamesTheColumnThatMovedAndNoOther) {
  const DriftReport report = Compare(kIid, 1000, 250, 1.5);
  EXPECT_TRUE(report.drift);
  EXPECT_EQ(report.method, "dependent_kolmogorov_smirnov");
  for (const ColumnDrift& column : report.columns) {
    EXPECT_EQ(column.drift, column.name == "x3") << column.name;
    EXPECT_EQ(column.severity != Severity::kNone, column.drift);
    EXPECT_GE(column.adjusted_p, column.p_value);
  }
  EXPECT_EQ(report.severity, Severity::kCritical);
}

TEST(DriftCheck, SeverityGrowsWithTheShift) {
  Severity before = Severity::kNone;
  for (const double shift : {0.0, 0.4, 0.8, 2.0}) {
    const Severity severity = Compare(kIid, 4000, 2000, shift).severity;
    EXPECT_GE(severity, before) << shift;
    before = severity;
  }
  EXPECT_EQ(before, Severity::kCritical);
}

TEST(DriftCheck, PersistentColumnsAreNoDataNotQuiet) {
  const DriftReport report = Compare({"ar99", 0.99}, 1000, 250, 0);
  EXPECT_EQ(report.status, DriftStatus::kNoData);
  EXPECT_FALSE(report.drift);
  for (const ColumnDrift& column : report.columns) EXPECT_GT(column.needed_rows, 1000) << column.name;
}

TEST(DriftCheck, PredictionsAreOneColumn) {
  const std::vector<double> reference = MakeSeries(kIid, 100, 1), current = MakeSeries(kIid, 100, 2);
  const auto check = DriftCheck::Make({"prediction"}, reference, DriftPolicy());
  EXPECT_FALSE(check->Compare(current)->drift);
}

TEST(DriftCheck, TakesAnyDetectorByNameAndNoOther) {
  const std::vector<double> reference = MakeSeries(kIid, 1000, 1), current = MakeSeries(kIid, 250, 2);
  for (const char* name : {"anderson_darling", "pca_reconstruction", "domain_classifier"}) {
    const auto check = DriftCheck::Make(SeriesNames(), reference, DriftPolicy(), {.detector = name});
    ASSERT_TRUE(check.ok()) << check.error().ToString();
    const DriftReport report = check->Compare(current).value();
    EXPECT_EQ(report.method, name);
    EXPECT_EQ(report.status, DriftStatus::kOk);
    EXPECT_FALSE(report.drift) << name;
  }
  const auto wrong = DriftCheck::Make(SeriesNames(), reference, DriftPolicy(), {.detector = "anderson_darlin"});
  ASSERT_FALSE(wrong.ok());
  EXPECT_NE(wrong.error().message.find("did you mean anderson_darling?"), std::string::npos) << wrong.error().message;
}

TEST(DriftCheck, RowDetectorsSeeACorrelationThatTurns) {
  const DependentSeries together{"together", 0, false, 0.8};
  const std::vector<double> reference = MakeSeries(together, 2000, 1);
  std::vector<double> current = MakeSeries(together, 500, 2);
  for (std::size_t i = 3; i < current.size(); i += kColumns) current[i] = -current[i];  // each column as it was
  EXPECT_FALSE(DriftCheck::Make(SeriesNames(), reference, DriftPolicy())->Compare(current)->drift);
  for (const char* name : {"pca_reconstruction", "domain_classifier"}) {
    const DriftReport report =
        DriftCheck::Make(SeriesNames(), reference, DriftPolicy(), {.detector = name})->Compare(current).value();
    EXPECT_TRUE(report.drift) << name;
    ASSERT_EQ(report.columns.size(), 1U);
    EXPECT_EQ(report.columns[0].name, kAllColumns);
  }
}

std::vector<double> Categories(std::size_t rows, double share, std::uint64_t seed) {
  Random random(seed);
  std::vector<double> codes;
  for (std::size_t i = 0; i < rows; ++i)
    codes.push_back(random.Uniform() < share ? 0 : 1 + std::floor(random.Uniform() * 4));
  return codes;
}

DriftReport CompareCategories(const std::vector<double>& current) {
  const auto check = DriftCheck::Make({"venue"}, Categories(1000, 0.5, 1), DriftPolicy(), {.categorical = {true}});
  return check->Compare(current).value();
}

TEST(DriftCheck, CategoriesAreComparedByTheirShares) {
  EXPECT_FALSE(CompareCategories(Categories(400, 0.5, 2)).drift);
  const DriftReport moved = CompareCategories(Categories(400, 0.8, 2));
  EXPECT_TRUE(moved.drift);
  EXPECT_NEAR(moved.columns[0].tests.levels.distance, 0.3, 0.06);
  EXPECT_EQ(moved.columns[0].tests.innovations.status, DriftStatus::kNoData);
}

TEST(DriftCheck, ACategoryNeverSeenIsDrift) {
  std::vector<double> current = Categories(400, 0.5, 2);
  for (std::size_t i = 0; i < current.size(); i += 10) current[i] = 77;
  EXPECT_TRUE(CompareCategories(current).drift);
}

TEST(DriftCheck, RefusesShapesThatDoNotFit) {
  const std::vector<double> seven(7);
  EXPECT_FALSE(DriftCheck::Make({}, seven, DriftPolicy()).ok());
  const auto bad = DriftCheck::Make({"a", "b"}, seven, DriftPolicy());
  ASSERT_FALSE(bad.ok());
  EXPECT_EQ(bad.error().code, ErrorCode::kInvalidArgument);
  EXPECT_NE(bad.error().ToString().find("7 values are not whole rows of 2 columns"), std::string::npos);
  const auto good = DriftCheck::Make({"a"}, seven, DriftPolicy());
  ASSERT_TRUE(good.ok());
  EXPECT_EQ(good->Compare({})->status, DriftStatus::kNoData);
}

TEST(DriftEvents, OnePerDriftedColumnWithItsNumbers) {
  IdGenerator ids(1);
  const DriftReport report = Compare(kIid, 1000, 250, 1.5);
  const auto events = DriftEvents(report, DriftKind::kFeature, "volatility", "1.2.0", kDay, ids);
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].subject, "x3");
  EXPECT_EQ(events[0].version, "1.2.0");
  EXPECT_EQ(events[0].time, kDay);
  EXPECT_EQ(events[0].severity, report.severity);
  EXPECT_EQ(events[0].statistic, report.columns[3].statistic);
  EXPECT_EQ(events[0].reference_rows, 1000);
  EXPECT_EQ(events[0].current_rows, 250);
  EXPECT_TRUE(DriftEvents(Compare(kIid, 1000, 250, 0), DriftKind::kFeature, "m", "v", 0, ids).empty());
}

TEST(LossMonitor, SaysWhatItNeedsWhenTheReferenceIsTooShort) {
  const std::vector<double> few(20, 1.0);
  LossMonitor monitor(few, 5, DriftPolicy());
  for (int i = 0; i < 500; ++i) monitor.Add(100);
  EXPECT_EQ(monitor.state().status, DriftStatus::kNoData);
  EXPECT_EQ(monitor.state().needed_reference_rows, 120);
  EXPECT_FALSE(monitor.state().drift);
}

TEST(LossMonitor, ReportsRatioAndSeverityOfAHigherLoss) {
  Random random(1);
  std::vector<double> reference(500);
  for (double& loss : reference) loss = 1 + 0.3 * random.Normal();
  LossMonitor monitor(reference, 5, DriftPolicy());
  monitor.Add(NAN);
  EXPECT_EQ(monitor.missing(), 1);
  for (int i = 0; i < 240; ++i) monitor.Add(1.7 + 0.3 * random.Normal());
  EXPECT_TRUE(monitor.state().drift);
  EXPECT_NEAR(monitor.state().ratio, 1.7, 0.1);
  EXPECT_EQ(monitor.state().severity, Severity::kHigh);
  EXPECT_GE(monitor.state().log_e, monitor.state().needed_log_e);
}

TEST(Severity, FollowsTheThresholds) {
  const DriftPolicy policy;
  DriftTest test;
  EXPECT_EQ(SeverityOfTest(test, policy), Severity::kLow);
  test.shift = 0.3;
  EXPECT_EQ(SeverityOfTest(test, policy), Severity::kMedium);
  test.stability = 0.4;
  EXPECT_EQ(SeverityOfTest(test, policy), Severity::kHigh);
  test.shift = 1;
  EXPECT_EQ(SeverityOfTest(test, policy), Severity::kCritical);
  EXPECT_EQ(SeverityOfLossRatio(1.1, policy), Severity::kLow);
  EXPECT_EQ(SeverityOfLossRatio(2.5, policy), Severity::kCritical);
}

TEST(DriftPolicy, ReadsItsKeysAndNamesWhatIsWrong) {
  DriftPolicy policy;
  auto good = YamlDocument::Parse("window: 60\nhigh_shift: 0.7\nloss_margin: 0\n", "policy.yaml");
  ASSERT_TRUE(good.ok());
  ReadDriftPolicy(good->root(), policy);
  EXPECT_TRUE(good->Finish().ok());
  EXPECT_EQ(policy.window, 60);
  EXPECT_EQ(policy.high_shift, 0.7);
  EXPECT_EQ(policy.loss_margin, 0);
  for (const char* text : {"bins: 1", "windw: 5", "high_shift: 0.2", "false_discovery_rate: 0.6", "loss_alpha: x"}) {
    auto bad = YamlDocument::Parse(text, "policy.yaml");
    ASSERT_TRUE(bad.ok());
    DriftPolicy defaults;
    ReadDriftPolicy(bad->root(), defaults);
    ASSERT_FALSE(bad->Finish().ok()) << text;
    EXPECT_NE(bad->Finish().error().ToString().find("policy.yaml:1"), std::string::npos) << text;
  }
}

}  // namespace
}  // namespace hone
