// False alarms and power of every detector that can be named, on dependent data; docs/reference/drift_detectors.md has
// the rates measured over more runs.
#include <gtest/gtest.h>

#include <cmath>
#include <span>
#include <string>
#include <vector>

#include "drift/dependent_series_for_test.h"
#include "drift/drift_check.h"

namespace hone {
namespace {

constexpr int kJudged = 4;  // columns

struct Case {
  DependentSeries before, after;
  std::int64_t reference_rows, current_rows;
  double shift = 0, scale = 1;  // of the first column's current rows
};

std::vector<double> FirstColumns(const std::vector<double>& rows) {
  std::vector<double> judged;
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (i % kColumns < kJudged) judged.push_back(rows[i]);
  return judged;
}

// Alarms per run. Windows follow each other in one series where nothing but a column changes.
double Alarms(const std::string& detector, const Case& what, int runs) {
  DriftPolicy policy;
  policy.resamples = 199;
  int alarms = 0;
  for (int run = 0; run < runs; ++run) {
    const auto seed = static_cast<std::uint64_t>(run);
    std::vector<double> rows = FirstColumns(MakeSeries(what.before, what.reference_rows + what.current_rows, seed));
    const std::size_t split = static_cast<std::size_t>(what.reference_rows) * kJudged;
    if (what.after.name != what.before.name) {
      const std::vector<double> other = FirstColumns(MakeSeries(what.after, what.current_rows, seed));
      std::copy(other.begin(), other.end(), rows.begin() + static_cast<std::ptrdiff_t>(split));
    }
    for (std::size_t i = split; i < rows.size(); i += kJudged) rows[i] = rows[i] * what.scale + what.shift;
    const std::span<const double> all(rows);
    const auto check = DriftCheck::Make({"a", "b", "c", "d"}, all.first(split), policy, {.detector = detector});
    alarms += check->Compare(all.subspan(split))->drift;
  }
  const double rate = alarms / static_cast<double>(runs);
  testing::Test::RecordProperty(what.before.name + "_" + what.after.name, std::to_string(rate));
  return rate;
}

const DependentSeries kTogether{"together", 0, false, 0.7};

std::vector<std::string> DetectorNames() {
  std::vector<std::string> names;
  for (const ColumnDetectorEntry& entry : ColumnDetectors()) names.emplace_back(entry.name);
  for (const RowDetectorEntry& entry : RowDetectors()) names.emplace_back(entry.name);
  return names;
}

class DetectorSimulation : public testing::TestWithParam<std::string> {};

TEST_P(DetectorSimulation, RarelyAlarmsWhenNothingChanged) {
  EXPECT_LE(Alarms(GetParam(), {kIid, kIid, 1000, 250}, 60), AlarmLimit(60));
  EXPECT_LE(Alarms(GetParam(), {kAr5, kAr5, 1000, 250}, 60), AlarmLimit(60));
  EXPECT_LE(Alarms(GetParam(), {kAr9, kAr9, 5000, 1000}, 20), AlarmLimit(20));
  EXPECT_LE(Alarms(GetParam(), {kGarch, kGarch, 5000, 500}, 20), AlarmLimit(20));
}

// Of all but the principal components, which look at what columns have in common and not at each.
class DetectorPower : public DetectorSimulation {};

TEST_P(DetectorPower, FindsAMeanThatShifts) { EXPECT_GE(Alarms(GetParam(), {kIid, kIid, 1000, 250, 0.8}, 20), 0.9); }

TEST_P(DetectorPower, FindsAVarianceThatGrows) {
  EXPECT_GE(Alarms(GetParam(), {kIid, kIid, 2000, 1000, 0, 1.6}, 20), 0.9);
}

INSTANTIATE_TEST_SUITE_P(All, DetectorSimulation, testing::ValuesIn(DetectorNames()),
                         [](const auto& detector) { return detector.param; });

std::vector<std::string> DetectorsOfEachColumn() {
  std::vector<std::string> names = DetectorNames();
  std::erase(names, "pca_reconstruction");
  return names;
}

INSTANTIATE_TEST_SUITE_P(All, DetectorPower, testing::ValuesIn(DetectorsOfEachColumn()),
                         [](const auto& detector) { return detector.param; });

TEST(RowDetectorSimulation, CorrelationsThatEndAreFoundByRowsOnly) {
  for (const RowDetectorEntry& entry : RowDetectors())
    EXPECT_GE(Alarms(entry.name, {kTogether, kIid, 1000, 250}, 20), 0.9) << entry.name;
  EXPECT_LE(Alarms(kDefaultDetector, {kTogether, kIid, 1000, 250}, 60), AlarmLimit(60));
}

}  // namespace
}  // namespace hone
