#include "storage/database.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <utility>

#include "storage/row_source.h"
#include "storage/sqlite_error.h"

namespace hone {
namespace {

constexpr std::size_t kMaxIdleStatements = 128;
// The pages that a statement or savepoint has changed, as they were before, stay in memory. A file that they go to is
// written in pieces of the size at which they go there, and SQLite's unixWrite tells "disk full" of pieces above 128
// KiB.
constexpr int kNeverToAFile = -1;

const char* SynchronousName(Synchronous synchronous) {
  switch (synchronous) {
    case Synchronous::kOff: return "OFF";
    case Synchronous::kNormal: return "NORMAL";
    case Synchronous::kFull: return "FULL";
  }
  return "FULL";
}

// Before the first connection of the process.
bool ConfigureLibrary() {
  // Nobody asks for SQLite's own count of its memory, and every allocation would take a lock for it.
  const int uncounted = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  // Otherwise each batch of rows that changes more than three pages makes and removes a file for taking them back.
  return sqlite3_config(SQLITE_CONFIG_STMTJRNL_SPILL, kNeverToAFile) == SQLITE_OK && uncounted == SQLITE_OK;
}

void CountRollback(void* counter) { ++*static_cast<std::int64_t*>(counter); }

}  // namespace

Result<std::unique_ptr<Database>> Database::Open(const std::filesystem::path& path, const DatabaseOptions& options) {
  static const bool configured = ConfigureLibrary();
  static_cast<void>(configured);
  std::unique_ptr<Database> database(new Database());
  database->path_ = path.string();
  std::error_code ignored;
  if (options.read_only && !std::filesystem::exists(path, ignored)) {
    return Error{ErrorCode::kNotFound, "no such database; nothing was stored here yet", path.string(), 0, ""};
  }
  const int flags = (options.read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE) |
                    SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  const char* vfs = options.vfs.empty() ? nullptr : options.vfs.c_str();
  const int result = sqlite3_open_v2(path.c_str(), &database->connection_, flags, vfs);
  if (result != SQLITE_OK) return SqliteError(database->connection_, result, "open", database->path_);
  HONE_RETURN_IF_ERROR(database->Configure(options));
  return database;
}

Status Database::Configure(const DatabaseOptions& options) {
  sqlite3_busy_timeout(connection_, static_cast<int>(options.busy_timeout / kMillisecond));
  sqlite3_db_config(connection_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(connection_, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(connection_, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
  sqlite3_db_config(connection_, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
  sqlite3_rollback_hook(connection_, CountRollback, &rollbacks_);
  HONE_RETURN_IF_ERROR(RegisterRowSource(connection_, path_));
  HONE_RETURN_IF_ERROR(Execute("PRAGMA foreign_keys = ON; PRAGMA cell_size_check = ON"));
  HONE_RETURN_IF_ERROR(SetSynchronous(options.synchronous));
  // Either reads the header, so that a file that is no database is refused here. The page size is that of a new file;
  // large pages are split and written less often by rows that come in order.
  HONE_RETURN_IF_ERROR(Execute(
      options.read_only ? "SELECT count(*) FROM sqlite_schema"
                        : "PRAGMA page_size = 16384; PRAGMA journal_mode = WAL; PRAGMA journal_size_limit = 67108864"));
  // Last: until the page size is known SQLite takes the limit for one in pages of 4 KiB, and the cache gets four times
  // as large.
  return Execute("PRAGMA cache_size = -16000");
}

Database::~Database() {
  for (const auto& [sql, statement] : idle_) sqlite3_finalize(statement);
  sqlite3_close_v2(connection_);
}

Result<Statement> Database::Prepare(std::string_view sql) {
  if (const auto found = idle_.find(sql); found != idle_.end()) {
    auto node = idle_.extract(found);
    return Statement(*this, std::move(node.key()), node.mapped());
  }
  sqlite3_stmt* handle = nullptr;
  const int result = sqlite3_prepare_v3(connection_, sql.data(), static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &handle, nullptr);
  if (result != SQLITE_OK) {
    return SqliteError(connection_, result, fmt::format("prepare \"{}\"", sql.substr(0, 120)), path_);
  }
  return Statement(*this, std::string(sql), handle);
}

void Database::TakeBack(std::string sql, sqlite3_stmt* statement) {
  sqlite3_reset(statement);
  sqlite3_clear_bindings(statement);
  if (idle_.size() >= kMaxIdleStatements || !idle_.emplace(std::move(sql), statement).second) {
    sqlite3_finalize(statement);
  }
}

Status Database::Execute(const std::string& sql) {
  const int result = sqlite3_exec(connection_, sql.c_str(), nullptr, nullptr, nullptr);
  if (result == SQLITE_OK) return OkStatus();
  return SqliteError(connection_, result, fmt::format("run \"{}\"", std::string_view(sql).substr(0, 120)), path_);
}

Result<std::int64_t> Database::QueryInt(std::string_view sql) {
  HONE_ASSIGN_OR_RETURN(Statement statement, Prepare(sql));
  HONE_ASSIGN_OR_RETURN(const bool row, statement.Step());
  return row ? statement.Int(0) : 0;
}

Status Database::SetSynchronous(Synchronous synchronous) {
  return Execute(fmt::format("PRAGMA synchronous = {}", SynchronousName(synchronous)));
}

std::int64_t Database::changes() const { return sqlite3_changes64(connection_); }
bool Database::read_only() const { return sqlite3_db_readonly(connection_, "main") != 0; }
bool Database::in_transaction() const { return sqlite3_get_autocommit(connection_) == 0; }

Status Database::CheckIntegrity() {
  HONE_ASSIGN_OR_RETURN(Statement check, Prepare("PRAGMA integrity_check(1)"));
  HONE_ASSIGN_OR_RETURN(const bool row, check.Step());
  const std::string finding = row ? check.Text(0) : "no answer";
  if (finding == "ok") return OkStatus();
  return Error{ErrorCode::kCorrupt, "the file is damaged: " + finding + "; put back a copy of it", path_, 0, ""};
}

Status Database::Checkpoint() { return Execute("PRAGMA wal_checkpoint(TRUNCATE)"); }

Error Database::LastError(std::string_view act) const {
  return SqliteError(connection_, sqlite3_extended_errcode(connection_), act, path_);
}

Result<Transaction> Transaction::Begin(Database& database) {
  if (!database.in_transaction()) {
    database.savepoints_ = 0;
    HONE_RETURN_IF_ERROR(database.Execute("BEGIN IMMEDIATE"));
    return Transaction(database, 0);
  }
  const int number = ++database.savepoints_;
  HONE_RETURN_IF_ERROR(database.Execute(fmt::format("SAVEPOINT hone_{}", number)));
  return Transaction(database, number);
}

Transaction::Transaction(Transaction&& other) noexcept
    : database_(std::exchange(other.database_, nullptr)), savepoint_(other.savepoint_) {}

Transaction::~Transaction() {
  if (database_ != nullptr) RollBack();
}

Status Transaction::Commit() {
  if (!database_->in_transaction()) {
    // SQLite rolls back by itself when the disk is full.
    Database* database = std::exchange(database_, nullptr);
    return Error{ErrorCode::kConflict, "cannot commit: an error has already rolled the transaction back",
                 database->path(), 0, ""};
  }
  const std::string sql = savepoint_ == 0 ? "COMMIT" : fmt::format("RELEASE hone_{}", savepoint_);
  if (auto status = database_->Execute(sql); !status.ok()) {
    RollBack();
    database_ = nullptr;
    return status;
  }
  database_ = nullptr;
  return OkStatus();
}

void Transaction::RollBack() {
  if (!database_->in_transaction()) return;
  Status ignored = OkStatus();
  if (savepoint_ == 0) {
    ignored = database_->Execute("ROLLBACK");
  } else {
    ignored = database_->Execute(fmt::format("ROLLBACK TO hone_{0}; RELEASE hone_{0}", savepoint_));
    ++database_->rollbacks_;
  }
}

}  // namespace hone
