#include "performance/performance_tracker.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <vector>

#include "base/random.h"

namespace hone {
namespace {

constexpr Duration kHorizon = 5 * kDay;

std::vector<MaturedPrediction> MakeRows(std::int64_t count, double error, std::uint64_t seed) {
  IdGenerator ids(seed);
  Random random(seed);
  std::vector<MaturedPrediction> rows;
  for (std::int64_t i = 0; i < count; ++i) {
    MaturedPrediction row;
    row.time = i * kDay;
    row.id = ids.Next(row.time);
    row.outcome = random.Normal();
    row.prediction = row.outcome + error * random.Normal();
    row.baseline = row.outcome + 2 * error * random.Normal();
    rows.push_back(row);
  }
  return rows;
}

PerformanceTracker MakeTracker(double reference_rmse = 1, PerformancePolicy policy = {}) {
  return PerformanceTracker("1.0.0", 5, reference_rmse, policy, 42);
}

// Every number of a report, as bits.
std::vector<std::uint64_t> Bits(const PerformanceReport& r) {
  std::vector<std::uint64_t> bits;
  for (const double value : {r.rmse, r.rmse_interval.low, r.rmse_interval.high, r.mae, r.mean_loss,
                             r.mean_loss_interval.low, r.mean_loss_interval.high, r.bias, r.win_rate,
                             r.win_rate_interval.low, r.win_rate_interval.high, r.effective_rows, r.loss_ratio})
    bits.push_back(std::bit_cast<std::uint64_t>(value));
  for (const std::int64_t value : {r.rows, r.matured, r.pending, r.overdue, r.compared, r.first, r.last})
    bits.push_back(static_cast<std::uint64_t>(value));
  bits.push_back(static_cast<std::uint64_t>(r.status));
  return bits;
}

TEST(PerformanceTracker, MetricsAreTheirFormulas) {
  PerformanceTracker tracker = MakeTracker();
  IdGenerator ids(1);
  const std::vector<std::vector<double>> rows = {{1, 2, 5}, {3, 3, 4}, {0, 2, 1}};  // prediction, outcome, baseline
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Time time = static_cast<Time>(i) * kDay;
    EXPECT_TRUE(tracker.Matured({ids.Next(time), time, rows[i][0], rows[i][1], rows[i][2]}));
  }
  const PerformanceReport report = tracker.Report(10 * kDay);
  EXPECT_EQ(report.rows, 3);
  EXPECT_DOUBLE_EQ(report.mean_loss, 5.0 / 3);
  EXPECT_DOUBLE_EQ(report.rmse, std::sqrt(5.0 / 3));
  EXPECT_DOUBLE_EQ(report.mae, 1);
  EXPECT_DOUBLE_EQ(report.bias, -1);
  EXPECT_DOUBLE_EQ(report.win_rate, 2.0 / 3);
  EXPECT_EQ(report.compared, 3);
  EXPECT_EQ(report.status, PerformanceStatus::kNoData) << "three rows are below the minimum";
}

TEST(PerformanceTracker, LateDoubledAndReorderedOutcomesChangeNoBit) {
  const std::vector<MaturedPrediction> rows = MakeRows(600, 0.7, 3);
  PerformanceTracker in_order = MakeTracker();
  for (const MaturedPrediction& row : rows) {
    in_order.Predicted(row.id, row.time + kHorizon);
    in_order.Matured(row);
  }
  const auto expected = Bits(in_order.Report(700 * kDay));
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    std::vector<MaturedPrediction> arrival = rows;
    arrival.insert(arrival.end(), rows.begin(), rows.begin() + 100);
    Random random(seed);
    Shuffle(arrival, random);
    PerformanceTracker tracker = MakeTracker();
    for (const MaturedPrediction& row : arrival) {
      if (random.Uniform() < 0.5)
        tracker.Predicted(row.id, row.time + kHorizon);  // some are announced after they matured
      tracker.Matured(row);
    }
    ASSERT_EQ(Bits(tracker.Report(700 * kDay)), expected) << "arrival order " << seed;
  }
}

TEST(PerformanceTracker, CountsWhatIsAwaitedAndWhatIsLate) {
  PerformanceTracker tracker = MakeTracker();
  const std::vector<MaturedPrediction> rows = MakeRows(10, 1, 5);
  for (const MaturedPrediction& row : rows) tracker.Predicted(row.id, row.time + kHorizon);
  for (std::size_t i = 0; i < 3; ++i) tracker.Matured(rows[i]);
  tracker.Predicted(rows[0].id, rows[0].time + kHorizon);
  const PerformanceReport report = tracker.Report(9 * kDay);
  EXPECT_EQ(report.pending, 7);
  EXPECT_EQ(report.overdue, 2);  // predicted on days 3 and 4
  EXPECT_EQ(report.matured, 3);
}

TEST(PerformanceTracker, RefusesRepeatsAndNumbersThatAreNotFinite) {
  PerformanceTracker tracker = MakeTracker();
  MaturedPrediction row = MakeRows(1, 1, 6)[0];
  EXPECT_TRUE(tracker.Matured(row));
  row.outcome += 1;
  EXPECT_FALSE(tracker.Matured(row)) << "the first outcome stands";
  MaturedPrediction bad = MakeRows(1, 1, 7)[0];
  bad.outcome = NAN;
  EXPECT_FALSE(tracker.Matured(bad));
  EXPECT_EQ(tracker.Report(0).matured, 1);
}

TEST(PerformanceTracker, WithoutOutcomesTheAnswerIsNoData) {
  const PerformanceReport report = MakeTracker().Report(kDay);
  EXPECT_EQ(report.status, PerformanceStatus::kNoData);
  EXPECT_STREQ(PerformanceStatusName(report.status), "no_data");
  EXPECT_TRUE(std::isnan(report.rmse));
  EXPECT_TRUE(std::isinf(report.rmse_interval.high));
}

TEST(PerformanceTracker, DegradedOnlyWhenTheWholeIntervalIsAboveTheLimit) {
  const auto status = [](double error) {
    PerformanceTracker tracker = MakeTracker(1);
    for (const MaturedPrediction& row : MakeRows(300, error, 8)) tracker.Matured(row);
    return tracker.Report(400 * kDay).status;
  };
  EXPECT_EQ(status(1), PerformanceStatus::kOk);
  EXPECT_EQ(status(1.52), PerformanceStatus::kOk);  // above the limit of 1.5, but not surely
  EXPECT_EQ(status(2.5), PerformanceStatus::kDegraded);
}

TEST(PerformanceTracker, TheWindowSlides) {
  PerformancePolicy policy;
  policy.window = 100;
  PerformanceTracker tracker = MakeTracker(1, policy);
  for (const MaturedPrediction& row : MakeRows(250, 1, 9)) tracker.Matured(row);
  const PerformanceReport report = tracker.Report(300 * kDay);
  EXPECT_EQ(report.rows, 100);
  EXPECT_EQ(report.first, 150 * kDay);
  EXPECT_EQ(report.last, 249 * kDay);
  EXPECT_TRUE(report.rmse_interval.Contains(report.rmse));
  EXPECT_TRUE(report.win_rate_interval.Contains(report.win_rate));
}

TEST(PerformancePolicy, ReadsItsKeysAndNamesWhatIsWrong) {
  PerformancePolicy policy;
  auto good = YamlDocument::Parse("window: 60\nlevel: 0.9\n", "policy.yaml");
  ASSERT_TRUE(good.ok());
  ReadPerformancePolicy(good->root(), policy);
  EXPECT_TRUE(good->Finish().ok());
  EXPECT_EQ(policy.window, 60);
  EXPECT_EQ(policy.level, 0.9);
  for (const char* text : {"level: 2", "windw: 5", "window: 5001", "resamples: many"}) {
    auto bad = YamlDocument::Parse(text, "policy.yaml");
    ASSERT_TRUE(bad.ok());
    PerformancePolicy untouched;
    ReadPerformancePolicy(bad->root(), untouched);
    ASSERT_FALSE(bad->Finish().ok()) << text;
    EXPECT_NE(bad->Finish().error().ToString().find("policy.yaml:1"), std::string::npos) << text;
  }
}

}  // namespace
}  // namespace hone
