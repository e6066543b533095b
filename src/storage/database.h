// One connection to an SQLite database: open, prepare, step, commit. Errors name the database file.
//
// A Database and its statements belong to one thread at a time. The one writer owns the write connection; every reader
// opens its own with `read_only`, and sees the last commit (WAL: readers and the writer do not wait for each other).
//
//   HONE_ASSIGN_OR_RETURN(auto database, Database::Open("hone.db"));
//   HONE_ASSIGN_OR_RETURN(auto transaction, Transaction::Begin(*database));
//   HONE_ASSIGN_OR_RETURN(Statement insert, database->Prepare("INSERT INTO t VALUES (?, ?)"));
//   HONE_RETURN_IF_ERROR(insert.Run(1, "text"));
//   HONE_RETURN_IF_ERROR(transaction.Commit());
//
// Errors: kResourceExhausted (disk full), kCorrupt (not a database, damaged), kUnavailable (locked past the timeout),
// kConflict (a constraint or trigger refused), kNotFound (read-only open of a missing file), kInternal (all else).
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.h"
#include "base/result.h"
#include "base/time.h"
#include "storage/statement.h"

struct sqlite3;
struct sqlite3_stmt;

namespace hone {

// What survives a power cut. A killed process loses no commit under any of them.
enum class Synchronous {
  kOff,     // nothing promised: scratch stores such as replays
  kNormal,  // the file stays sound; the newest commits may be lost
  kFull,    // every commit is on the disk when Commit returns
};

struct DatabaseOptions {
  bool read_only = false;
  Synchronous synchronous = Synchronous::kFull;
  Duration busy_timeout = 5 * kSecond;  // how long to wait for another connection's lock
  std::string vfs = {};                 // SQLite VFS name; "" for the default
};

class Database {
 public:
  // Opens or creates (unless read_only) `path` with WAL journal, foreign keys on and double-quoted strings off.
  static Result<std::unique_ptr<Database>> Open(const std::filesystem::path& path, const DatabaseOptions& options = {});
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  // A statement ready to bind. Prepared once per text: give constant texts with `?`, never values pasted in. The
  // statement must not outlive the database.
  Result<Statement> Prepare(std::string_view sql);
  // Runs one or more statements without parameters, dropping any rows.
  Status Execute(const std::string& sql);
  // The first column of the first row; 0 when there is no row or it is NULL.
  Result<std::int64_t> QueryInt(std::string_view sql);

  Status SetSynchronous(Synchronous synchronous);
  // Rows the last INSERT, UPDATE or DELETE changed.
  std::int64_t changes() const;
  bool in_transaction() const;
  bool read_only() const;
  // Counts rollbacks, whoever began them: what a store keeps in memory about its tables is stale once this has moved.
  std::int64_t rollbacks() const { return rollbacks_; }
  const std::string& path() const { return path_; }

  // SQLite's own check of the whole file (slow): kCorrupt with the first finding.
  Status CheckIntegrity();
  // Moves the write-ahead log into the database file and empties it.
  Status Checkpoint();

  // The connection's last error as hone's, beginning "cannot <act>: ".
  Error LastError(std::string_view act) const;

 private:
  friend class Statement;
  friend class Transaction;
  Database() = default;
  Status Configure(const DatabaseOptions& options);
  void TakeBack(std::string sql, sqlite3_stmt* statement);

  std::string path_;
  sqlite3* connection_ = nullptr;
  std::map<std::string, sqlite3_stmt*, std::less<>> idle_;  // prepared and not in use
  int savepoints_ = 0;
  std::int64_t rollbacks_ = 0;
};

// A transaction, or inside one a savepoint. Destroyed without Commit it rolls back. Must not outlive its database;
// nested ones end in reverse order.
class Transaction {
 public:
  // Takes the write lock at once, so that the transaction cannot fail halfway for want of it.
  static Result<Transaction> Begin(Database& database);
  Transaction(Transaction&& other) noexcept;
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();

  // After an error nothing of the transaction is stored.
  Status Commit();

 private:
  Transaction(Database& database, int savepoint) : database_(&database), savepoint_(savepoint) {}
  void RollBack();

  Database* database_;
  int savepoint_;  // 0: the outermost, a real transaction
};

}  // namespace hone
