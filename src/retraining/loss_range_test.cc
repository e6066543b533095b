#include "retraining/loss_range.h"

#include <gtest/gtest.h>

#include <limits>

namespace hone {
namespace {

LossRecord Record(int window, const std::vector<double>& losses) {
  LossRecord record(window);
  for (const double loss : losses) record.Add(loss);
  return record;
}

TEST(LossRecord, IsEmptyAtFirst) {
  const LossRecord record(3);
  EXPECT_EQ(record.count(), 0);
  EXPECT_EQ(record.mean(), 0);
  EXPECT_EQ(record.highest(), 0);
  EXPECT_EQ(record.recent_mean(), 0);
  EXPECT_FALSE(record.full());
}

TEST(LossRecord, KeepsTheMeanOfAllAndTheHighestWindow) {
  const LossRecord record = Record(2, {1, 5, 3, 1, 1});
  EXPECT_DOUBLE_EQ(record.mean(), 11.0 / 5);
  EXPECT_DOUBLE_EQ(record.highest(), 4);
  EXPECT_DOUBLE_EQ(record.recent_mean(), 1);
}

TEST(LossRecord, HasNoHighestBeforeAFullWindow) {
  EXPECT_EQ(Record(3, {9, 9}).highest(), 0);
  EXPECT_DOUBLE_EQ(Record(3, {9, 9}).recent_mean(), 9);
  EXPECT_EQ(Record(3, {9, 9, 9}).highest(), 9);
}

TEST(LossRecord, PassesOverLossesThatAreNoNumber) {
  const double nan = std::numeric_limits<double>::quiet_NaN(), infinity = std::numeric_limits<double>::infinity();
  const LossRecord record = Record(2, {1, nan, 3, infinity});
  EXPECT_EQ(record.count(), 2);
  EXPECT_DOUBLE_EQ(record.mean(), 2);
  EXPECT_DOUBLE_EQ(record.highest(), 2);
}

TEST(LossRecord, RestoredRecordGoesOnTheSame) {
  LossRecord record = Record(3, {1, 2, 7, 4});
  LossRecord restored(3);
  restored.Restore(record.state());
  for (LossRecord* each : {&record, &restored}) each->Add(11);
  EXPECT_EQ(restored.mean(), record.mean());
  EXPECT_EQ(restored.highest(), record.highest());
  EXPECT_EQ(restored.recent_mean(), record.recent_mean());
}

TEST(LossRange, HasNoRatioWithoutAReferenceOrAFullWindow) {
  LossRange range(2);
  range.Add(5);
  range.Add(5);
  EXPECT_EQ(range.ratio(), 0);
  range.SetReference(Record(2, {1, 1}));
  EXPECT_EQ(range.ratio(), 0);  // recent outcomes were forgotten
  range.Add(5);
  EXPECT_EQ(range.ratio(), 0);
  range.Add(5);
  EXPECT_DOUBLE_EQ(range.ratio(), 5);
}

TEST(LossRange, IsLeftOnlyAboveTheRatioAndAboveAllThatWasSeen) {
  LossRange range(2);
  range.SetReference(Record(2, {1, 1, 1, 1, 4, 4}));  // mean 2, highest 4
  for (const auto& [loss, left] : std::vector<std::pair<double, bool>>{{2, false}, {3.9, false}, {4.1, true}}) {
    range.Add(loss);
    range.Add(loss);
    EXPECT_EQ(range.Left(1.3), left) << loss;
  }
  EXPECT_FALSE(range.Left(3));
}

TEST(LossRange, RestoredRangeGoesOnTheSame) {
  LossRange range(2);
  range.SetReference(Record(2, {1, 2}));
  range.Add(3);
  LossRange restored(2);
  restored.Restore(range.state());
  for (LossRange* each : {&range, &restored}) each->Add(4);
  EXPECT_EQ(restored.ratio(), range.ratio());
  EXPECT_TRUE(restored.Left(1.3));
}

}  // namespace
}  // namespace hone
