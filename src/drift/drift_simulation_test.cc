// False alarms and power of the drift check on dependent data: ten columns, q = 0.05 (DESIGN: "Drift on dependent
// data").
#include <gtest/gtest.h>

#include <cmath>
#include <span>
#include <string>
#include <vector>

#include "drift/dependent_series_for_test.h"
#include "drift/drift_check.h"
#include "drift/loss_monitor.h"
#include "stats/kolmogorov_smirnov.h"

namespace hone {
namespace {

const DependentSeries kCorrelated{"correlated", 0.5, false, 0.8};

struct Rates {
  double alarms = 0, high = 0, judged = 0;
};

// What happens to column 3 of the current window.
struct ColumnChange {
  double shift = 0, scale = 1;
};

Rates Simulate(const DependentSeries& kind, std::int64_t reference_rows, std::int64_t current_rows, int runs,
               ColumnChange change = {}) {
  Rates rates;
  for (int run = 0; run < runs; ++run) {
    std::vector<double> rows = MakeSeries(kind, reference_rows + current_rows, static_cast<std::uint64_t>(run));
    const auto split = static_cast<std::size_t>(reference_rows) * kColumns;
    for (std::size_t i = split + 3; i < rows.size(); i += kColumns) rows[i] = rows[i] * change.scale + change.shift;
    const std::span<const double> all(rows);
    const auto check = DriftCheck::Make(SeriesNames(), all.first(split), DriftPolicy());
    const auto report = check->Compare(all.subspan(split));
    rates.alarms += report->drift / static_cast<double>(runs);
    rates.high += (report->severity >= Severity::kHigh) / static_cast<double>(runs);
    rates.judged += (report->status == DriftStatus::kOk) / static_cast<double>(runs);
  }
  return rates;
}

void ExpectQuiet(const DependentSeries& kind, std::int64_t reference_rows, std::int64_t current_rows, int runs) {
  const Rates rates = Simulate(kind, reference_rows, current_rows, runs);
  EXPECT_LE(rates.alarms, AlarmLimit(runs)) << kind.name << " " << reference_rows << "/" << current_rows;
  EXPECT_LE(rates.high, 0.02) << kind.name;
}

TEST(DriftSimulation, NothingChangedIndependentRows) {
  ExpectQuiet(kIid, 1000, 250, 300);
  ExpectQuiet(kIid, 20000, 20000, 10);
}

TEST(DriftSimulation, NothingChangedAutoregressiveRows) {
  ExpectQuiet(kAr5, 1000, 250, 300);
  ExpectQuiet(kAr9, 5000, 250, 60);
  ExpectQuiet(kAr9, 5000, 1000, 60);
  ExpectQuiet(kAr99, 20000, 10000, 10);
}

TEST(DriftSimulation, NothingChangedVolatilityClustersAndCorrelatedColumns) {
  ExpectQuiet(kGarch, 5000, 250, 60);
  ExpectQuiet(kGarch, 5000, 1000, 60);
  ExpectQuiet(kCorrelated, 2000, 500, 200);
}

TEST(DriftSimulation, MeanShiftsAreFound) {
  EXPECT_GE(Simulate(kIid, 1000, 250, 60, {.shift = 0.6}).alarms, 0.98);
  EXPECT_GE(Simulate(kAr5, 5000, 1000, 40, {.shift = 0.8}).alarms, 0.98);
  EXPECT_GE(Simulate(kAr9, 15000, 5000, 20, {.shift = 1}).alarms, 0.95);
}

TEST(DriftSimulation, AVarianceHiddenByPersistenceIsFoundInTheInnovations) {
  EXPECT_GE(Simulate(kAr9, 15000, 5000, 20, {.scale = std::sqrt(1.5)}).alarms, 0.95);
}

TEST(DriftSimulation, AHarmlessShiftOfManyRowsIsNoDrift) {
  EXPECT_LE(Simulate(kIid, 20000, 20000, 10, {.shift = 0.02}).alarms, 0.1);
}

// What the check is there for: a test that takes dependent rows for independent ones.
TEST(DriftSimulation, TakingRowsForIndependentAlarmsMostOfTheTime) {
  int alarms = 0;
  constexpr int kRuns = 60;
  for (std::uint64_t run = 0; run < kRuns; ++run) {
    const std::vector<double> rows = MakeSeries(kAr9, 1250, run);
    std::vector<double> reference, current;
    for (std::size_t i = 0; i < rows.size(); i += kColumns) (i < 10'000 ? reference : current).push_back(rows[i]);
    alarms += KolmogorovSmirnovTest(reference, current).p_value < 0.05;
  }
  EXPECT_GE(alarms, kRuns / 2);
}

double LossAlarms(double phi, double level, int runs, std::int64_t rows, std::int64_t break_at) {
  DriftPolicy policy;
  int alarms = 0;
  for (int run = 0; run < runs; ++run) {
    const std::vector<double> series = MakeSeries({"loss", phi}, rows + 500, static_cast<std::uint64_t>(run));
    std::vector<double> losses;
    for (std::size_t i = 0; i < series.size(); i += kColumns) losses.push_back(series[i] * series[i]);  // mean 1
    LossMonitor monitor(std::span<const double>(losses).first(500), 5, policy);
    for (std::size_t i = 500; i < losses.size(); ++i)
      monitor.Add(losses[i] * (static_cast<std::int64_t>(i) - 500 >= break_at ? level : 1));
    alarms += monitor.state().drift;
  }
  return alarms / static_cast<double>(runs);
}

TEST(LossMonitorSimulation, SteadyLossesRarelyAlarmInTenYears) {
  EXPECT_LE(LossAlarms(0, 1, 200, 2500, 0), AlarmLimit(200));
  EXPECT_LE(LossAlarms(0.8, 1, 200, 2500, 0), AlarmLimit(200));
}

TEST(LossMonitorSimulation, ADoubledLossIsFoundEarlyOrLate) {
  EXPECT_GE(LossAlarms(0, 2, 60, 1000, 0), 0.95);
  EXPECT_GE(LossAlarms(0, 2, 60, 2500, 1500), 0.9);
}

}  // namespace
}  // namespace hone
