#include "retraining/twin_check.h"

#include <gtest/gtest.h>

#include <limits>

namespace hone {
namespace {

TwinRecord Recorded(double ceiling, double ratio) {
  TwinRecord record(ceiling);
  record.Add(ratio);
  return record;
}

TEST(TwinRecord, LimitIsTheCeilingWithoutARecord) {
  EXPECT_DOUBLE_EQ(TwinRecord(1.15).limit(), 1.15);
  EXPECT_EQ(TwinRecord(1.15).largest(), 0);
}

TEST(TwinRecord, LimitIsTheLargestRatioWithAir) {
  EXPECT_DOUBLE_EQ(Recorded(1.5, 1.2).limit(), 1.05 * 1.2);
  TwinRecord record = Recorded(1.5, 1.2);
  record.Add(0.9);
  EXPECT_DOUBLE_EQ(record.largest(), 1.2);
}

TEST(TwinRecord, LimitIsNeverBelowFivePercentNorAboveTheCeiling) {
  EXPECT_DOUBLE_EQ(Recorded(1.15, 0.7).limit(), 1.05);
  EXPECT_DOUBLE_EQ(Recorded(1.15, 3).limit(), 1.15);
}

TEST(TwinRecord, ACeilingOfTenSwitchesTheCheckOff) {
  EXPECT_DOUBLE_EQ(Recorded(TwinRecord::kOpen, 0.9).limit(), TwinRecord::kOpen);
  EXPECT_LT(Recorded(9.99, 0.9).limit(), 2);
}

TEST(TwinRecord, IgnoresARatioThatIsNoNumber) {
  EXPECT_EQ(Recorded(1.15, std::numeric_limits<double>::quiet_NaN()).largest(), 0);
}

TEST(TwinCheck, ComparesRootMeanSquares) {
  const TwinResult result = CheckTwin({4, 4}, {1, 1}, TwinRecord(1.15));
  EXPECT_DOUBLE_EQ(result.twin_rmse, 2);
  EXPECT_DOUBLE_EQ(result.champion_rmse, 1);
  EXPECT_DOUBLE_EQ(result.ratio, 2);
  EXPECT_DOUBLE_EQ(result.limit, 1.15);
  EXPECT_EQ(result.rows, 2);
  EXPECT_FALSE(result.passed);
}

TEST(TwinCheck, PassesUpToTheLimit) {
  EXPECT_TRUE(CheckTwin({1.10}, {1}, Recorded(1.15, 0.9)).passed);   // a ratio of 1.0488
  EXPECT_FALSE(CheckTwin({1.11}, {1}, Recorded(1.15, 0.9)).passed);  // 1.0536
  EXPECT_TRUE(CheckTwin({0.5}, {1}, TwinRecord(1.15)).passed);
}

TEST(TwinCheck, BesideAPerfectChampionOnlyAPerfectTwinPasses) {
  EXPECT_TRUE(CheckTwin({0, 0}, {0, 0}, TwinRecord(1.15)).passed);
  EXPECT_FALSE(CheckTwin({0, 1e-9}, {0, 0}, TwinRecord(1.15)).passed);
}

TEST(TwinCheck, AnAnswerThatIsNoNumberNeverPasses) {
  const double nan = std::numeric_limits<double>::quiet_NaN(), infinity = std::numeric_limits<double>::infinity();
  EXPECT_FALSE(CheckTwin({1, nan}, {1, 1}, TwinRecord(1.15)).passed);
  EXPECT_FALSE(CheckTwin({1, infinity}, {1, 1}, TwinRecord(1.15)).passed);
  EXPECT_FALSE(CheckTwin({1, 1}, {1, nan}, TwinRecord(1.15)).passed);
  EXPECT_FALSE(CheckTwin({nan}, {0}, TwinRecord(1.15)).passed);
}

}  // namespace
}  // namespace hone
