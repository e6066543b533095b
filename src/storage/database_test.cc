#include "storage/database.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmath>
#include <fstream>
#include <limits>

#include "base/files.h"
#include "base/random.h"
#include "storage/float_blob.h"
#include "storage/testing/full_disk_vfs.h"
#include "storage/testing/temporary_folder.h"

namespace hone {
namespace {

std::unique_ptr<Database> OpenOrDie(const std::filesystem::path& path, const DatabaseOptions& options = {}) {
  auto database = Database::Open(path, options);
  if (!database.ok()) ADD_FAILURE() << database.error().ToString();
  return std::move(*database);
}

std::int64_t Count(Database& database) { return *database.QueryInt("SELECT count(*) FROM t"); }

// Of SQLite's own count of what it has allocated, after more was written and read than the cache holds.
std::int64_t MemoryAfterFortyMebibytes(Database& database, const std::string& write) {
  EXPECT_TRUE(database.Execute(write).ok());
  EXPECT_GT(*database.QueryInt("SELECT sum(length(b)) FROM t"), 40 << 20);
  return sqlite3_memory_used();
}

TEST(Database, ItsCacheKeepsToSixteenMebibytes) {
  const TemporaryFolder folder;
  const std::string fill =
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4200) "
      "INSERT INTO t SELECT randomblob(10000) FROM n";
  constexpr std::int64_t kMost = 20 << 20;  // with what else SQLite needs
  {
    const auto fresh = OpenOrDie(folder / "a.db", {.synchronous = Synchronous::kOff});
    EXPECT_LT(MemoryAfterFortyMebibytes(*fresh, "CREATE TABLE t (b); " + fill), kMost);
  }
  EXPECT_LT(MemoryAfterFortyMebibytes(*OpenOrDie(folder / "a.db"), ""), kMost);
  EXPECT_LT(MemoryAfterFortyMebibytes(*OpenOrDie(folder / "a.db", {.read_only = true}), ""), kMost);
}

TEST(Database, BindsAndReadsEveryType) {
  const TemporaryFolder folder;
  const auto database = OpenOrDie(folder / "a.db");
  ASSERT_TRUE(database->Execute("CREATE TABLE t (i, d, s, b, n, u)").ok());
  const std::string bytes("a\0b", 3);
  {
    auto insert = database->Prepare("INSERT INTO t VALUES (?, ?, ?, ?, ?, ?)");
    ASSERT_TRUE(insert.ok());
    ASSERT_TRUE(insert
                    ->Run(std::numeric_limits<std::int64_t>::min(), 0.1, "x'; DROP TABLE t", Blob{bytes}, nullptr,
                          std::numeric_limits<std::uint64_t>::max())
                    .ok());
  }
  auto select = database->Prepare("SELECT * FROM t");
  ASSERT_TRUE(*select->Step());
  EXPECT_EQ(select->Int(0), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(select->Double(1), 0.1);
  EXPECT_EQ(select->Text(2), "x'; DROP TABLE t");
  EXPECT_EQ(select->Bytes(3), bytes);
  EXPECT_TRUE(select->IsNull(4));
  EXPECT_TRUE(std::isnan(select->Double(4)));
  EXPECT_EQ(static_cast<std::uint64_t>(select->Int(5)), std::numeric_limits<std::uint64_t>::max());
  EXPECT_FALSE(*select->Step());
}

TEST(Database, NanRoundTripsInColumnsAndBitForBitInBlobs) {
  const TemporaryFolder folder;
  const auto database = OpenOrDie(folder / "a.db");
  ASSERT_TRUE(database->Execute("CREATE TABLE t (d REAL, b BLOB)").ok());
  const std::vector<double> values = {std::nan("7"), -0.0, std::numeric_limits<double>::infinity(), 5e-324, 1.0 / 3};
  ASSERT_TRUE(database->Prepare("INSERT INTO t VALUES (?, ?)")->Run(std::nan(""), Blob{EncodeDoubles(values)}).ok());
  auto select = database->Prepare("SELECT * FROM t");
  ASSERT_TRUE(*select->Step());
  EXPECT_TRUE(std::isnan(select->Double(0)));
  const auto read = DecodeDoubles(select->Bytes(1));
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(EncodeDoubles(*read), EncodeDoubles(values));
  EXPECT_EQ(EncodeDoubles(std::vector<double>{1.0}), std::string("\0\0\0\0\0\0\xf0\x3f", 8));
  EXPECT_EQ(DecodeDoubles("1234567").error().code, ErrorCode::kCorrupt);
}

TEST(Database, TransactionsNestAndRollBack) {
  const TemporaryFolder folder;
  const auto database = OpenOrDie(folder / "a.db");
  ASSERT_TRUE(database->Execute("CREATE TABLE t (i)").ok());
  auto outer = Transaction::Begin(*database);
  ASSERT_TRUE(database->Execute("INSERT INTO t VALUES (1)").ok());
  const std::int64_t before = database->rollbacks();
  {
    auto inner = Transaction::Begin(*database);
    ASSERT_TRUE(database->Execute("INSERT INTO t VALUES (2)").ok());
  }
  EXPECT_EQ(Count(*database), 1);
  EXPECT_EQ(database->rollbacks(), before + 1);
  {
    auto inner = Transaction::Begin(*database);
    ASSERT_TRUE(database->Execute("INSERT INTO t VALUES (3)").ok());
    ASSERT_TRUE(inner->Commit().ok());
  }
  ASSERT_TRUE(outer->Commit().ok());
  EXPECT_EQ(Count(*database), 2);
  {
    auto lost = Transaction::Begin(*database);
    ASSERT_TRUE(database->Execute("INSERT INTO t VALUES (4)").ok());
  }
  EXPECT_EQ(Count(*database), 2);
  EXPECT_FALSE(database->in_transaction());
}

TEST(Database, ReadersSeeTheLastCommit) {
  const TemporaryFolder folder;
  EXPECT_EQ(Database::Open(folder / "a.db", {.read_only = true}).error().code, ErrorCode::kNotFound);
  const auto writer = OpenOrDie(folder / "a.db");
  ASSERT_TRUE(writer->Execute("CREATE TABLE t (i)").ok());
  const auto reader = OpenOrDie(folder / "a.db", {.read_only = true});
  auto transaction = Transaction::Begin(*writer);
  ASSERT_TRUE(writer->Execute("INSERT INTO t VALUES (1)").ok());
  EXPECT_EQ(Count(*reader), 0);
  ASSERT_TRUE(transaction->Commit().ok());
  EXPECT_EQ(Count(*reader), 1);
  EXPECT_FALSE(reader->Execute("INSERT INTO t VALUES (2)").ok());
}

TEST(Database, ErrorsHaveTheirKindAndNameTheFile) {
  const TemporaryFolder folder;
  const auto database = OpenOrDie(folder / "a.db");
  ASSERT_TRUE(database->Execute("CREATE TABLE t (i PRIMARY KEY); INSERT INTO t VALUES (1)").ok());
  const Status twice = database->Execute("INSERT INTO t VALUES (1)");
  EXPECT_EQ(twice.error().code, ErrorCode::kConflict);
  EXPECT_EQ(twice.error().source, (folder / "a.db").string());
  EXPECT_NE(twice.error().message.find("UNIQUE constraint failed: t.i"), std::string::npos);
  EXPECT_EQ(database->Prepare("SELEC").error().code, ErrorCode::kInternal);
  const auto other = OpenOrDie(folder / "a.db", {.busy_timeout = kMillisecond});
  const auto held = Transaction::Begin(*database);
  EXPECT_EQ(Transaction::Begin(*other).error().code, ErrorCode::kUnavailable);
  EXPECT_FALSE(Database::Open(folder / "none" / "a.db").ok());
}

TEST(Database, RefusesDamagedFiles) {
  const TemporaryFolder folder;
  std::ofstream(folder / "noise.db") << std::string(8192, 'x');
  const auto noise = Database::Open(folder / "noise.db");
  ASSERT_FALSE(noise.ok());
  EXPECT_EQ(noise.error().code, ErrorCode::kCorrupt);
  EXPECT_EQ(noise.error().source, (folder / "noise.db").string());
  EXPECT_NE(noise.error().message.find("put back a copy"), std::string::npos);
  {
    const auto database = OpenOrDie(folder / "a.db");
    ASSERT_TRUE(database
                    ->Execute("CREATE TABLE t (i INTEGER PRIMARY KEY, s); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL "
                              "SELECT i + 1 FROM n WHERE i < 5000) INSERT INTO t SELECT i, hex(i) FROM n")
                    .ok());
    ASSERT_TRUE(database->CheckIntegrity().ok());
  }
  std::string bytes = *ReadFile(folder / "a.db", 1 << 24);
  for (std::size_t i = 32768; i < bytes.size(); i += 3) bytes[i] = 'x';
  ASSERT_TRUE(WriteFileAtomically(folder / "a.db", bytes).ok());
  const auto damaged = OpenOrDie(folder / "a.db");
  EXPECT_EQ(damaged->CheckIntegrity().error().code, ErrorCode::kCorrupt);
  EXPECT_EQ(damaged->QueryInt("SELECT sum(length(s)) FROM t").error().code, ErrorCode::kCorrupt);
}

TEST(Database, RandomDamageNeverCrashes) {
  const TemporaryFolder folder;
  {
    const auto database = OpenOrDie(folder / "a.db");
    ASSERT_TRUE(database
                    ->Execute("CREATE TABLE t (i INTEGER PRIMARY KEY, s); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL "
                              "SELECT i + 1 FROM n WHERE i < 500) INSERT INTO t SELECT i, hex(i) FROM n")
                    .ok());
  }
  const std::string sound = *ReadFile(folder / "a.db", 1 << 24);
  Random random(1);
  int refused = 0;
  for (int round = 0; round < 100; ++round) {
    std::string bytes = sound;
    for (int i = 0; i < 40; ++i) bytes[random.Below(bytes.size())] = static_cast<char>(random.Next());
    if (round % 4 == 0) bytes.resize(random.Below(bytes.size()));
    std::ofstream(folder / "b.db", std::ios::trunc) << bytes;
    std::filesystem::remove(folder / "b.db-wal");
    const auto database = Database::Open(folder / "b.db");
    refused += !database.ok() || !(*database)->QueryInt("SELECT sum(length(s)) FROM t").ok() ||
                       !(*database)->CheckIntegrity().ok()
                   ? 1
                   : 0;
  }
  EXPECT_GT(refused, 80);
}

// A hundred pages changed by one statement that may have to be taken back, and is.
TEST(Database, AStatementIsTakenBackWithoutAFile) {
  const TemporaryFolder folder;
  ASSERT_TRUE(Database::Open(folder / "first.db", {}).ok());  // SQLite takes no settings once it knows of a VFS
  FullDiskVfs disk;
  const auto database = OpenOrDie(folder / "a.db", {.vfs = disk.name()});
  ASSERT_TRUE(database->Execute("CREATE TABLE t (i INTEGER PRIMARY KEY, n INTEGER CHECK (n < 1000), s)").ok());
  ASSERT_TRUE(database
                  ->Execute("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 999) "
                            "INSERT INTO t SELECT i, i, zeroblob(1600) FROM n")
                  .ok());
  ASSERT_TRUE(database->Execute("BEGIN").ok());
  EXPECT_TRUE(database->Execute("UPDATE t SET n = n - 1").ok());
  EXPECT_FALSE(database->Execute("UPDATE t SET n = n + i").ok());
  EXPECT_EQ(*database->QueryInt("SELECT count(*) FROM t WHERE n = i - 1"), 999);
  ASSERT_TRUE(database->Execute("COMMIT").ok());
  EXPECT_EQ(disk.take_back_files(), 0);
}

// More than the 4 MiB that once were the most, changed below a transaction.
TEST(Database, WhatATransactionWithinOneChangesMayBeLarge) {
  const TemporaryFolder folder;
  const auto database = OpenOrDie(folder / "a.db", {.synchronous = Synchronous::kOff});
  ASSERT_TRUE(database
                  ->Execute("CREATE TABLE t (a, b); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
                            "WHERE i < 1200) INSERT INTO t SELECT i, randomblob(10000) FROM n")
                  .ok());
  auto outer = Transaction::Begin(*database);
  {
    auto inner = Transaction::Begin(*database);
    const Status changed = database->Execute("UPDATE t SET a = -a");
    ASSERT_TRUE(changed.ok()) << changed.error().ToString();
  }
  EXPECT_EQ(*database->QueryInt("SELECT min(a) FROM t"), 1) << "taken back whole";
  {
    auto inner = Transaction::Begin(*database);
    ASSERT_TRUE(database->Execute("UPDATE t SET a = -a").ok());
    ASSERT_TRUE(inner->Commit().ok());
  }
  ASSERT_TRUE(outer->Commit().ok());
  EXPECT_EQ(*database->QueryInt("SELECT min(a) FROM t"), -1200);
}

TEST(Database, AFullDiskLosesNothingThatWasCommitted) {
  const TemporaryFolder folder;
  FullDiskVfs disk;
  std::int64_t committed = 0;
  {
    const auto database = OpenOrDie(folder / "a.db", {.vfs = disk.name()});
    ASSERT_TRUE(database->Execute("CREATE TABLE t (i INTEGER PRIMARY KEY, s)").ok());
    const auto insert = [&](std::int64_t i) -> Status {
      HONE_ASSIGN_OR_RETURN(Transaction transaction, Transaction::Begin(*database));
      HONE_ASSIGN_OR_RETURN(Statement statement, database->Prepare("INSERT INTO t VALUES (?, hex(zeroblob(2000)))"));
      HONE_RETURN_IF_ERROR(statement.Run(i));
      return transaction.Commit();
    };
    for (const std::int64_t allowed : {400'000, 20'000, 0, 36'000, 800'000}) {
      disk.Allow(allowed);
      Status status = OkStatus();
      for (int i = 0; i < 1000 && status.ok(); ++i) {
        status = insert(committed + 1);
        if (status.ok()) ++committed;
      }
      ASSERT_FALSE(status.ok());
      EXPECT_EQ(status.error().code, ErrorCode::kResourceExhausted) << status.error().ToString();
      EXPECT_NE(status.error().message.find("disk is full"), std::string::npos);
      EXPECT_FALSE(database->in_transaction());
      EXPECT_EQ(Count(*database), committed);
    }
    EXPECT_GT(disk.refused(), 4);
    disk.Allow(-1);
    ASSERT_TRUE(insert(committed + 1).ok());
    ++committed;
  }
  EXPECT_GT(committed, 20);
  const auto database = OpenOrDie(folder / "a.db");
  EXPECT_EQ(Count(*database), committed);
  EXPECT_TRUE(database->CheckIntegrity().ok());
}

// The child acknowledges each commit through a pipe, and is killed at a random moment after some of them.
// A quota and a limit on the size of files fail a write with another error than a full disk and mean the same.
TEST(Database, AFileThatMayNotGrowIsAFullDisk) {
  const TemporaryFolder folder;
  const auto database = OpenOrDie(folder / "a.db");
  ASSERT_TRUE(database->Execute("CREATE TABLE t (b BLOB)").ok());
  const auto told = ::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  rlimit limit = before;
  limit.rlim_cur = 256 << 10;
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &limit), 0);
  Status status = OkStatus();
  int rows = -1;
  for (; status.ok() && rows < 1000; ++rows) status = database->Execute("INSERT INTO t VALUES (zeroblob(10000))");
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  ::signal(SIGXFSZ, told);
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, ErrorCode::kResourceExhausted) << status.error().ToString();
  EXPECT_EQ(*database->QueryInt("SELECT count(*) FROM t"), rows);
  EXPECT_TRUE(database->Execute("INSERT INTO t VALUES (1)").ok());
}

TEST(Database, AKilledProcessLosesNoAcknowledgedRow) {
  const TemporaryFolder folder;
  Random random(2);
  std::int64_t acknowledged = 0;
  for (int round = 0; round < 20; ++round) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    const pid_t child = ::fork();
    if (child == 0) {
      ::close(ends[0]);
      const auto database = Database::Open(folder / "a.db");
      if (!database.ok() || !(*database)->Execute("CREATE TABLE IF NOT EXISTS t (i INTEGER PRIMARY KEY, s)").ok())
        ::_exit(1);
      for (std::int64_t i = *(*database)->QueryInt("SELECT max(i) FROM t") + 1;; ++i) {
        if (!(*database)->Prepare("INSERT INTO t VALUES (?, hex(randomblob(300)))")->Run(i).ok()) ::_exit(1);
        if (::write(ends[1], &i, sizeof i) != sizeof i) ::_exit(1);
      }
    }
    ::close(ends[1]);
    std::int64_t row = 0;
    for (std::uint64_t left = 1 + random.Below(10); left > 0; --left) {
      ASSERT_EQ(::read(ends[0], &row, sizeof row), static_cast<ssize_t>(sizeof row));
      acknowledged = row;
    }
    ::usleep(static_cast<useconds_t>(random.Below(5'000)));
    ::kill(child, SIGKILL);
    while (::read(ends[0], &row, sizeof row) == sizeof row) acknowledged = row;
    ::close(ends[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status)) << "the child ended by itself";
    const auto database = OpenOrDie(folder / "a.db");
    ASSERT_TRUE(database->Execute("CREATE TABLE IF NOT EXISTS t (i INTEGER PRIMARY KEY, s)").ok());
    ASSERT_GE(Count(*database), acknowledged);
    ASSERT_EQ(Count(*database), *database->QueryInt("SELECT max(i) FROM t"));
  }
  EXPECT_GE(acknowledged, 20);
  EXPECT_TRUE(OpenOrDie(folder / "a.db")->CheckIntegrity().ok());
}

}  // namespace
}  // namespace hone
