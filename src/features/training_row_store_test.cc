#include "features/training_row_store.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "storage/testing/temporary_folder.h"

namespace hone {
namespace {

class TrainingRowStoreTest : public testing::Test {
 protected:
  void SetUp() override {
    auto opened = Database::Open(folder_ / "hone.db");
    ASSERT_TRUE(opened.ok()) << opened.error().ToString();
    database_ = std::move(opened).value();
    const Status migrated = Migrate(*database_, FeaturesMigrations(), "0.1.0");
    ASSERT_TRUE(migrated.ok()) << migrated.error().ToString();
  }

  Status Add(const std::string& model, std::size_t index) {
    const double number = static_cast<double>(index);
    const std::vector<double> features = {number / 3, std::numeric_limits<double>::quiet_NaN()};
    const auto day = static_cast<Time>(index) * kDay;
    return TrainingRowStore(*database_).Append(model, index, day, day + 5 * kDay, features, -number / 7);
  }

  const std::vector<std::string> names_ = {"a", "b"};
  TemporaryFolder folder_;
  std::unique_ptr<Database> database_;
};

TEST_F(TrainingRowStoreTest, GivesBackTheRowsInOrderToTheBit) {
  for (std::size_t i = 0; i < 20; ++i) ASSERT_TRUE(Add("m", i).ok());
  TrainingRowStore store(*database_);
  const auto rows = store.Read("m", names_, SIZE_MAX);
  ASSERT_TRUE(rows.ok()) << rows.error().ToString();
  ASSERT_EQ(rows->rows(), 20u);
  EXPECT_EQ(rows->names, names_);
  for (std::size_t i = 0; i < 20; ++i) {
    EXPECT_EQ(rows->time[i], static_cast<Time>(i) * kDay);
    EXPECT_EQ(rows->label_time[i], static_cast<Time>(i + 5) * kDay);
    EXPECT_EQ(rows->row(i)[0], static_cast<double>(i) / 3);
    EXPECT_TRUE(std::isnan(rows->row(i)[1])) << "missing stays missing";
    EXPECT_EQ(rows->y[i], -static_cast<double>(i) / 7);
  }
  EXPECT_EQ(store.Read("m", names_, 7)->rows(), 7u);
  EXPECT_EQ(*store.Count("m"), 20u);
  EXPECT_EQ(*store.Count("other"), 0u);
  EXPECT_EQ(store.Read("other", names_, SIZE_MAX)->rows(), 0u);
}

TEST_F(TrainingRowStoreTest, TheSameRowAgainChangesNothing) {
  ASSERT_TRUE(Add("m", 0).ok());
  const std::vector<double> other = {9, 9};
  TrainingRowStore store(*database_);
  ASSERT_TRUE(store.Append("m", 0, kDay, 2 * kDay, other, 9).ok());
  const auto rows = store.Read("m", names_, SIZE_MAX);
  ASSERT_TRUE(rows.ok());
  ASSERT_EQ(rows->rows(), 1u);
  EXPECT_EQ(rows->y[0], 0);
  EXPECT_EQ(rows->row(0)[0], 0);
}

TEST_F(TrainingRowStoreTest, AMissingRowIsDamage) {
  for (const std::size_t i : {0, 1, 3}) ASSERT_TRUE(Add("m", i).ok());
  const auto rows = TrainingRowStore(*database_).Read("m", names_, SIZE_MAX);
  ASSERT_FALSE(rows.ok());
  EXPECT_EQ(rows.error().code, ErrorCode::kCorrupt);
  EXPECT_NE(rows.error().ToString().find("training row 2 of model m"), std::string::npos) << rows.error().ToString();
}

TEST_F(TrainingRowStoreTest, AnotherWidthIsDamage) {
  ASSERT_TRUE(Add("m", 0).ok());
  const auto rows = TrainingRowStore(*database_).Read("m", {"a", "b", "c"}, SIZE_MAX);
  ASSERT_FALSE(rows.ok());
  EXPECT_EQ(rows.error().code, ErrorCode::kCorrupt);
}

}  // namespace
}  // namespace hone
