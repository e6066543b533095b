#include "storage/partitions.h"

#include <gtest/gtest.h>

#include "storage/commit_log.h"
#include "storage/testing/temporary_folder.h"

namespace hone {
namespace {

class PartitionsTest : public testing::Test {
 protected:
  void SetUp() override {
    database_ = std::move(*Database::Open(folder_ / "a.db", {.synchronous = Synchronous::kOff}));
  }

  Partitions OpenTable(PartitionSpan span = PartitionSpan::kMonth) {
    return *Partitions::Open(*database_, {"rows", "i INTEGER PRIMARY KEY", "", span});
  }
  std::int64_t CountRows() { return *database_->QueryInt("SELECT count(*) FROM rows"); }

  TemporaryFolder folder_;
  std::unique_ptr<Database> database_;
};

Time At(std::string_view text) { return *ParseTime(text); }

TEST_F(PartitionsTest, MakesTablesOnDemandUnderOneView) {
  Partitions rows = OpenTable();
  EXPECT_EQ(CountRows(), 0);
  EXPECT_EQ(rows.Find(At("2008-09-15")), "");
  EXPECT_EQ(*rows.TableFor(At("2008-09-15")), "rows_2008_09");
  EXPECT_EQ(*rows.TableFor(At("2008-12-31T23:59:59Z")), "rows_2008_12");
  EXPECT_EQ(*rows.TableFor(At("1969-12-31")), "rows_1969_12");
  EXPECT_EQ(rows.Find(At("2008-09-01")), "rows_2008_09");
  EXPECT_EQ(rows.Find(At("2008-10-01")), "");
  ASSERT_TRUE(database_->Execute("INSERT INTO rows_2008_09 VALUES (1); INSERT INTO rows_2008_12 VALUES (2)").ok());
  EXPECT_EQ(CountRows(), 2);
  ASSERT_EQ(rows.list().size(), 3U);
  EXPECT_EQ(rows.list()[1].begin, At("2008-09-01"));
  EXPECT_EQ(rows.list()[1].end, At("2008-10-01"));
}

TEST_F(PartitionsTest, ARepeatedOpenGoesOnWithTheSpanItFinds) {
  ASSERT_TRUE(OpenTable(PartitionSpan::kYear).TableFor(At("2008-09-15")).ok());
  Partitions rows = OpenTable(PartitionSpan::kMonth);
  EXPECT_EQ(*rows.TableFor(At("2008-01-15")), "rows_2008");
  EXPECT_EQ(*rows.TableFor(At("2009-01-15")), "rows_2009");
}

TEST_F(PartitionsTest, RetentionDropsWholePartitions) {
  Partitions rows = OpenTable();
  for (const char* date : {"2008-01-01", "2008-02-01", "2008-03-01"}) ASSERT_TRUE(rows.TableFor(At(date)).ok());
  ASSERT_TRUE(database_->Execute("INSERT INTO rows_2008_01 VALUES (1); INSERT INTO rows_2008_03 VALUES (3)").ok());
  EXPECT_EQ(*rows.DropBefore(At("2008-02-15")), 1);
  EXPECT_EQ(CountRows(), 1);
  EXPECT_EQ(*rows.DropBefore(At("2009-01-01")), 2);
  EXPECT_EQ(CountRows(), 0);
  EXPECT_TRUE(rows.TableFor(At("2008-01-01")).ok());
}

TEST_F(PartitionsTest, ARolledBackPartitionIsMadeAgain) {
  Partitions rows = OpenTable();
  {
    auto transaction = Transaction::Begin(*database_);
    ASSERT_TRUE(rows.TableFor(At("2008-01-01")).ok());
  }
  ASSERT_EQ(*rows.TableFor(At("2008-01-01")), "rows_2008_01");
  EXPECT_TRUE(database_->Execute("INSERT INTO rows_2008_01 VALUES (1)").ok());
}

TEST_F(PartitionsTest, AnotherConnectionSeesNewPartitions) {
  Partitions rows = OpenTable();
  const auto reader = std::move(*Database::Open(folder_ / "a.db", {.read_only = true}));
  auto seen = Partitions::Open(*reader, {"rows", "i INTEGER PRIMARY KEY", "", PartitionSpan::kMonth});
  EXPECT_EQ(*seen->Locate(At("2008-01-01")), "");
  ASSERT_TRUE(rows.TableFor(At("2008-01-01")).ok());
  EXPECT_EQ(*seen->Locate(At("2008-01-01")), "rows_2008_01");
  ASSERT_TRUE(rows.DropBefore(At("2010-01-01")).ok());
  EXPECT_EQ(*seen->Locate(At("2008-01-01")), "");
}

TEST_F(PartitionsTest, HoldsFiveHundredAndNoMore) {
  Partitions rows = OpenTable();
  auto transaction = Transaction::Begin(*database_);
  for (int i = 0; i < 500; ++i) {
    const Time time = *FromCivil({.year = 1970 + i / 12, .month = 1 + i % 12});
    ASSERT_TRUE(rows.TableFor(time).ok()) << i;
  }
  const auto more = rows.TableFor(At("2020-01-01"));
  ASSERT_FALSE(more.ok());
  EXPECT_EQ(more.error().code, ErrorCode::kResourceExhausted);
  ASSERT_TRUE(transaction->Commit().ok());
  EXPECT_EQ(CountRows(), 0);
}

TEST_F(PartitionsTest, ACommitLogFindsWhatFollows) {
  ASSERT_TRUE(database_->Execute(CommitLogSql("commits")).ok());
  CommitLog log(*database_, "commits");
  IdGenerator ids(1);
  const Id a = ids.Next(At("2008-01-01"));
  const Id b = ids.Next(At("2008-02-01"));
  EXPECT_EQ(*log.Next(), 1);
  EXPECT_FALSE(log.After(0, 10)->has_value());
  ASSERT_TRUE(log.Append(10, a, a).ok());
  {
    auto transaction = Transaction::Begin(*database_);
    ASSERT_TRUE(log.Append(7, a, b).ok());
    EXPECT_EQ(*log.Next(), 18);
  }
  EXPECT_EQ(*log.Next(), 11);
  ASSERT_TRUE(log.Append(5, b, b).ok());
  const auto one = *log.After(0, 1);
  ASSERT_TRUE(one.has_value());
  EXPECT_EQ(one->first, 1);
  EXPECT_EQ(one->last, 10);
  const auto both = *log.After(3, 100);
  EXPECT_EQ(both->first, 4);
  EXPECT_EQ(both->last, 15);
  EXPECT_EQ(both->smallest, a);
  EXPECT_EQ(both->largest, b);
  EXPECT_FALSE(log.After(15, 100)->has_value());
  EXPECT_EQ(*CommitLog(*database_, "commits").Next(), 16);
}

}  // namespace
}  // namespace hone
