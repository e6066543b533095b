#include "storage/migrations.h"

#include <gtest/gtest.h>

#include "storage/checkpoint_store.h"
#include "storage/testing/temporary_folder.h"

namespace hone {
namespace {

const Migration kFirst = {"m", 1, "first", "CREATE TABLE a (i); INSERT INTO a VALUES (1)"};
const Migration kSecond = {"m", 2, "second", "ALTER TABLE a ADD COLUMN j DEFAULT 7"};

class MigrationsTest : public testing::Test {
 protected:
  void SetUp() override { database_ = std::move(*Database::Open(folder_ / "a.db")); }
  TemporaryFolder folder_;
  std::unique_ptr<Database> database_;
};

TEST_F(MigrationsTest, AppliesEachOnceInOrder) {
  ASSERT_TRUE(Migrate(*database_, {kFirst}, "0.1.0").ok());
  ASSERT_TRUE(Migrate(*database_, {kFirst}, "0.1.0").ok());
  ASSERT_TRUE(Migrate(*database_, {kFirst, kSecond}, "0.2.0").ok());
  EXPECT_EQ(*database_->QueryInt("SELECT j FROM a"), 7);
  EXPECT_EQ(*database_->QueryInt("SELECT count(*) FROM a"), 1);
  EXPECT_TRUE(CheckMigrated(*database_, {kFirst, kSecond}).ok());
}

TEST_F(MigrationsTest, RefusesAStoreOfANewerRelease) {
  ASSERT_TRUE(Migrate(*database_, {kFirst, kSecond}, "0.9.0").ok());
  const Status status = Migrate(*database_, {kFirst}, "0.1.0");
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, ErrorCode::kConflict);
  EXPECT_EQ(status.error().ToString(), (folder_ / "a.db").string() +
                                           ": was written by a newer hone (release 0.9.0, migration m 2); run that "
                                           "release or a later one");
  EXPECT_FALSE(CheckMigrated(*database_, {kFirst}).ok());
}

TEST_F(MigrationsTest, AReaderRefusesAStoreOfAnOlderRelease) {
  ASSERT_TRUE(Migrate(*database_, {kFirst}, "0.1.0").ok());
  EXPECT_EQ(CheckMigrated(*database_, {kFirst, kSecond}).error().code, ErrorCode::kConflict);
}

TEST_F(MigrationsTest, RefusesAnotherProgramsDatabase) {
  ASSERT_TRUE(database_->Execute("CREATE TABLE photos (i)").ok());
  const Status status = Migrate(*database_, {kFirst}, "0.1.0");
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, ErrorCode::kInvalidData);
  EXPECT_EQ(*database_->QueryInt("SELECT count(*) FROM sqlite_schema"), 1);
}

TEST_F(MigrationsTest, AFailureLeavesTheStoreAsItWas) {
  ASSERT_TRUE(Migrate(*database_, {kFirst}, "0.1.0").ok());
  ASSERT_FALSE(
      Migrate(*database_, {kFirst, kSecond, {"m", 3, "broken", "CREATE TABLE b (i); NONSENSE"}}, "0.2.0").ok());
  EXPECT_TRUE(CheckMigrated(*database_, {kFirst}).ok());
  EXPECT_EQ(*database_->QueryInt("SELECT count(*) FROM sqlite_schema WHERE name = 'b'"), 0);
  EXPECT_TRUE(Migrate(*database_, {kFirst, kSecond}, "0.2.0").ok());
}

TEST_F(MigrationsTest, CheckpointsAreReplaced) {
  ASSERT_TRUE(Migrate(*database_, JoinMigrations({{kFirst}, StorageMigrations()}), "0.1.0").ok());
  CheckpointStore checkpoints(*database_);
  EXPECT_FALSE(checkpoints.Load("engine")->has_value());
  ASSERT_TRUE(checkpoints.Save("engine", "1").ok());
  ASSERT_TRUE(checkpoints.Save("engine", "2").ok());
  EXPECT_EQ(**checkpoints.Load("engine"), "2");
}

}  // namespace
}  // namespace hone
