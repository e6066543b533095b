// Holds what estimates before labels are made of to scikit-learn and NumPy: every line of
// tests/reference/estimates_reference.csv (written by make_estimates_reference.py there, versions in its first line),
// 1e-9 relative or 1e-12 absolute.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/random.h"
#include "stats/conformal_intervals.h"
#include "stats/expected_roc_area.h"
#include "stats/held_out_runs.h"
#include "stats/isotonic_regression.h"
#include "stats/reference_table_for_test.h"

namespace hone {
namespace {

const ReferenceTable& EstimatesTable() {
  static const auto* table = new ReferenceTable(std::string(HONE_SOURCE_DIR) + "/tests/reference/estimates");
  return *table;
}

const std::vector<double>& EstimateSample(const std::string& name) { return EstimatesTable().Sample(name); }

double LowAt(const Arguments& a) {
  ConformalTerms terms;
  terms.coverage = Number(a[2]);
  terms.window = static_cast<std::size_t>(Number(a[3]));
  ConformalIntervals conformal(terms);
  const auto &predictions = EstimateSample(a[0]), &outcomes = EstimateSample(a[1]);
  const auto at = static_cast<std::size_t>(Number(a[4]));
  for (std::size_t i = 0; i < at; ++i) conformal.Learn(conformal.Give(predictions[i]), outcomes[i]);
  return conformal.Give(predictions[at]).interval.low;
}

double Computed(const ReferenceTable::Line& line) {
  const Arguments& a = line.arguments;
  if (line.function == "isotonic") {
    return IsotonicRegression(EstimateSample(a[0]), EstimateSample(a[1])).At(Number(a[2]));
  }
  if (line.function == "expected_roc_area") {
    return ExpectAreaUnderRoc(EstimateSample(a[0]), EstimateSample(a[1])).area;
  }
  return LowAt(a);
}

TEST(EstimatesReference, EveryLine) {
  std::map<std::string, int> checked;
  for (const auto& line : EstimatesTable().lines()) {
    ++checked[line.function];
    const double value = Computed(line);
    if (value == line.expected) continue;  // infinite ones too
    EXPECT_NEAR(value, line.expected, std::max(1e-12, 1e-9 * std::abs(line.expected))) << line.function << line.name;
  }
  EXPECT_EQ(checked, (std::map<std::string, int>{{"conformal_low", 24}, {"expected_roc_area", 3}, {"isotonic", 40}}));
}

TEST(ExpectedRocArea, SlopeIsItsDerivative) {
  Random random(3);
  std::vector<double> scores, probabilities;
  for (int i = 0; i < 40; ++i) {
    scores.push_back(static_cast<double>(random.Below(15)));
    probabilities.push_back(0.1 + 0.8 * random.Uniform());
  }
  const ExpectedRocArea roc = ExpectAreaUnderRoc(scores, probabilities);
  for (const std::size_t i : {std::size_t{0}, std::size_t{7}, std::size_t{39}}) {
    auto up = probabilities, down = probabilities;
    up[i] += 1e-5;
    down[i] -= 1e-5;
    const double slope = (ExpectAreaUnderRoc(scores, up).area - ExpectAreaUnderRoc(scores, down).area) / 2e-5;
    EXPECT_NEAR(roc.slope[i], slope, 1e-7) << i;
  }
}

TEST(ExpectedRocArea, OfOneKindIsNone) {
  EXPECT_TRUE(std::isnan(ExpectAreaUnderRoc(std::vector<double>{1, 2}, std::vector<double>{1, 1}).area));
  EXPECT_TRUE(ExpectAreaUnderRoc(std::vector<double>{1, 2}, std::vector<double>{0, 0}).slope.empty());
}

TEST(HeldOutRuns, CoverEveryRowOnceAndKeepTheirDistance) {
  const auto runs = HoldOutRuns(103, 5, 4);
  std::size_t next = 0;
  for (const HeldOutRows& run : runs) {
    EXPECT_EQ(run.begin, next);
    next = run.end;
    for (std::size_t i = 0; i < 103; ++i) {
      EXPECT_EQ(run.FittedOn(i), i + 4 < run.begin || i >= run.end + 4) << i;
    }
  }
  EXPECT_EQ(next, 103U);
}

TEST(ConformalIntervals, AreUnboundedUntilTheErrorsSuffice) {
  for (const bool adaptive : {false, true}) {
    ConformalTerms terms;
    terms.adaptive = adaptive;
    terms.window = 20;
    ConformalIntervals conformal(terms);
    for (int i = 1; i <= 8; ++i) conformal.Learn(conformal.Give(0), i);
    EXPECT_TRUE(std::isinf(conformal.Give(0).interval.high)) << "8 errors say nothing about the largest of 10";
    conformal.Learn(conformal.Give(0), -9);
    EXPECT_EQ(conformal.Give(1).interval.high, 10) << "the largest of 9";
    EXPECT_EQ(conformal.Give(1).interval.low, -8);
  }
}

TEST(ConformalIntervals, SplitKeepsItsFirstErrors) {
  ConformalTerms terms;
  terms.adaptive = false;
  terms.window = 10;
  ConformalIntervals conformal(terms);
  for (int i = 0; i < 500; ++i) conformal.Learn(conformal.Give(0), i < 10 ? 1 : 100);
  EXPECT_EQ(conformal.Give(0).interval.high, 1);
}

}  // namespace
}  // namespace hone
