// What every column detector must do: all of detectors/catalogue.h inherit the battery.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "base/random.h"
#include "drift/detectors/catalogue.h"

namespace hone {
namespace {

std::vector<double> Normals(std::size_t rows, std::uint64_t seed, double shift = 0) {
  Random random(seed);
  std::vector<double> values(rows);
  for (double& value : values) value = random.Normal() + shift;
  return values;
}

class ColumnDetectorContract : public testing::TestWithParam<ColumnDetectorEntry> {
 protected:
  std::unique_ptr<ColumnDetector> Make(const std::vector<double>& reference) {
    return GetParam().make(reference, policy_, 0.01);
  }
  DriftPolicy policy_;
};

void ExpectSane(const DriftTest& test) {
  EXPECT_TRUE(std::isfinite(test.statistic) && test.statistic >= 0) << test.statistic;
  EXPECT_TRUE(test.distance >= 0 && test.distance <= 1) << test.distance;
  EXPECT_TRUE(test.p_value >= 0 && test.p_value <= 1) << test.p_value;
  EXPECT_TRUE(std::isfinite(test.shift) && test.shift >= 0) << test.shift;
  EXPECT_TRUE(std::isfinite(test.stability)) << test.stability;
  EXPECT_GE(test.tau, 1);
  EXPECT_GE(test.smallest_detectable_shift, 0);
}

TEST_P(ColumnDetectorContract, IsNamedAfterItsMethod) { EXPECT_STREQ(Make(Normals(500, 1))->name(), GetParam().name); }

TEST_P(ColumnDetectorContract, TheReferenceItselfHasNotMoved) {
  const std::vector<double> reference = Normals(1000, 1);
  const ColumnTests tests = Make(reference)->Compare(reference);
  EXPECT_EQ(tests.levels.status, DriftStatus::kOk);
  EXPECT_NEAR(tests.levels.statistic, 0, 1e-12);
  EXPECT_EQ(tests.levels.distance, 0);
  EXPECT_EQ(tests.levels.shift, 0);
  EXPECT_EQ(tests.levels.p_value, 1);
}

TEST_P(ColumnDetectorContract, ALargeShiftIsCertain) {
  const ColumnTests tests = Make(Normals(1000, 1))->Compare(Normals(200, 2, 5));
  EXPECT_LT(tests.levels.p_value, 1e-12);
  EXPECT_NEAR(tests.levels.shift, 5 / 1.349, 0.4);
  EXPECT_GT(tests.levels.stability, 1);
}

TEST_P(ColumnDetectorContract, TheSmallestDetectableShiftShrinksWithRows) {
  const auto detector = Make(Normals(5000, 1));
  const double few = detector->Compare(Normals(100, 2)).levels.smallest_detectable_shift;
  const double many = detector->Compare(Normals(2000, 2)).levels.smallest_detectable_shift;
  EXPECT_GT(few, many);
  EXPECT_GT(many, 0);
}

TEST_P(ColumnDetectorContract, TooFewRowsIsNoDataAndSaysHowManyAreNeeded) {
  const std::vector<double> reference = Normals(1000, 1), few = Normals(10, 2, 9);
  const ColumnTests current = Make(reference)->Compare(few);
  EXPECT_EQ(current.levels.status, DriftStatus::kNoData);
  EXPECT_EQ(current.levels.p_value, 1);
  EXPECT_GT(current.levels.needed_current_rows, 10);
  EXPECT_EQ(current.levels.needed_reference_rows, 0);
  const ColumnTests short_reference = Make(few)->Compare(reference);
  EXPECT_EQ(short_reference.levels.status, DriftStatus::kNoData);
  EXPECT_GE(short_reference.levels.needed_reference_rows, 100);
}

TEST_P(ColumnDetectorContract, MissingValuesAreCountedAndLeftOut) {
  std::vector<double> reference = Normals(1000, 1), current = Normals(300, 2);
  for (std::size_t i = 0; i < current.size(); i += 3) current[i] = i % 2 == 0 ? NAN : INFINITY;
  const ColumnTests tests = Make(reference)->Compare(current);
  EXPECT_EQ(tests.current_rows, 200);
  EXPECT_NEAR(tests.current_missing, 1.0 / 3, 1e-12);
  EXPECT_EQ(tests.reference_missing, 0);
  EXPECT_GT(tests.levels.p_value, 1e-4);
}

TEST_P(ColumnDetectorContract, OddColumnsGiveSaneNumbers) {
  const double huge = std::numeric_limits<double>::max() / 8;
  std::vector<double> weekdays(500), trend(500), tiny(500);
  for (std::size_t i = 0; i < 500; ++i) {
    weekdays[i] = static_cast<double>(i % 5);
    trend[i] = static_cast<double>(i);
    tiny[i] = i % 2 == 0 ? 1e-310 : 2e-310;
  }
  const std::vector<std::vector<double>> columns = {
      {},    {1},  {NAN, NAN},      std::vector<double>(300, 7.0),   std::vector<double>(300, 0.0), weekdays,
      trend, tiny, Normals(500, 3), {huge, -huge, huge, -huge, 0, 1}};
  for (const auto& reference : columns) {
    const auto detector = Make(reference);
    for (const auto& current : columns) {
      const ColumnTests tests = detector->Compare(current);
      ExpectSane(tests.levels);
      ExpectSane(tests.innovations);
    }
  }
}

TEST_P(ColumnDetectorContract, AConstantThatChangesIsSeen) {
  const ColumnTests tests = Make(std::vector<double>(500, 7.0))->Compare(std::vector<double>(100, 8.0));
  EXPECT_EQ(tests.levels.status, DriftStatus::kOk);
  EXPECT_EQ(tests.levels.distance, 1);
  EXPECT_LT(tests.levels.p_value, 1e-6);
}

TEST_P(ColumnDetectorContract, SameWindowSameBits) {
  const auto detector = Make(Normals(1000, 1));
  const std::vector<double> current = Normals(250, 2);
  const ColumnTests first = detector->Compare(current), second = detector->Compare(current);
  EXPECT_EQ(first.levels.p_value, second.levels.p_value);
  EXPECT_EQ(first.innovations.shift, second.innovations.shift);
}

INSTANTIATE_TEST_SUITE_P(Detectors, ColumnDetectorContract,
                         testing::ValuesIn(ColumnDetectors().begin(), ColumnDetectors().end()),
                         [](const auto& detector) { return std::string(detector.param.name); });

}  // namespace
}  // namespace hone
