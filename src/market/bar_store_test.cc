#include "market/bar_store.h"

#include <gtest/gtest.h>

#include "storage/testing/temporary_folder.h"

namespace hone {
namespace {

class BarStoreTest : public testing::Test {
 protected:
  void SetUp() override { Open(); }

  void Open() {
    database_.reset();
    auto opened = Database::Open(folder_ / "hone.db");
    ASSERT_TRUE(opened.ok()) << opened.error().ToString();
    database_ = std::move(opened).value();
    const Status migrated = Migrate(*database_, MarketMigrations(), "0.1.0");
    ASSERT_TRUE(migrated.ok()) << migrated.error().ToString();
  }

  static Bar Day(int day) {
    const double close = 100 + 0.1 * day;
    return {day * kDay, day * kDay + kDay * 2 / 3, close - 1, close + 2, close - 3, close, 1000.0 * day};
  }

  TemporaryFolder folder_;
  std::unique_ptr<Database> database_;
};

TEST_F(BarStoreTest, GivesTheNewestOldestFirst) {
  BarStore store(*database_);
  for (int day = 1; day <= 10; ++day) ASSERT_TRUE(store.Append("SPX", Day(day)).ok());
  const auto bars = store.Newest("SPX", 3);
  ASSERT_TRUE(bars.ok()) << bars.error().ToString();
  ASSERT_EQ(bars->size(), 3u);
  for (int i = 0; i < 3; ++i) {
    const Bar &bar = (*bars)[static_cast<std::size_t>(i)], expected = Day(8 + i);
    EXPECT_EQ(bar.open_time, expected.open_time);
    EXPECT_EQ(bar.known_at, expected.known_at);
    EXPECT_EQ(bar.open, expected.open);
    EXPECT_EQ(bar.high, expected.high);
    EXPECT_EQ(bar.low, expected.low);
    EXPECT_EQ(bar.close, expected.close) << "to the bit";
    EXPECT_EQ(bar.volume, expected.volume);
  }
  EXPECT_EQ(store.Newest("SPX", 100)->size(), 10u);
  EXPECT_TRUE(store.Newest("NDX", 100)->empty());
  std::vector<Time> visited, newest;
  ASSERT_TRUE(store.Visit("SPX", [&](const Bar& bar) { visited.push_back(bar.open_time); }).ok());
  const auto all = store.Newest("SPX", 100);
  for (const Bar& bar : *all) newest.push_back(bar.open_time);
  EXPECT_EQ(visited, newest);
}

TEST_F(BarStoreTest, RefusesABarThatIsNotLater) {
  BarStore store(*database_);
  ASSERT_TRUE(store.Append("SPX", Day(5)).ok());
  for (const int day : {5, 4}) {
    const Status again = store.Append("SPX", Day(day));
    ASSERT_FALSE(again.ok());
    EXPECT_EQ(again.error().code, ErrorCode::kConflict);
    EXPECT_EQ(again.error().key, "open_time");
    EXPECT_NE(again.error().ToString().find("SPX"), std::string::npos);
    EXPECT_NE(again.error().ToString().find(FormatTime(Day(5).open_time)), std::string::npos);
  }
  EXPECT_EQ(store.Newest("SPX", 10)->size(), 1u);
  EXPECT_TRUE(store.Append("NDX", Day(4)).ok()) << "each instrument has its own time";
}

TEST_F(BarStoreTest, KeepsItsBarsAcrossARestart) {
  {
    BarStore store(*database_);
    ASSERT_TRUE(store.Append("SPX", Day(1)).ok());
  }
  Open();
  BarStore store(*database_);
  EXPECT_EQ(store.Newest("SPX", 10)->size(), 1u);
  EXPECT_FALSE(store.Append("SPX", Day(1)).ok());
  EXPECT_TRUE(store.Append("SPX", Day(2)).ok());
}

}  // namespace
}  // namespace hone
