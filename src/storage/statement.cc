#include "storage/statement.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <limits>

#include "storage/database.h"
#include "storage/sqlite_error.h"

namespace hone {
namespace {

// SQLite takes no data for NULL.
const char* Data(std::string_view bytes) { return bytes.data() == nullptr ? "" : bytes.data(); }

}  // namespace

Statement::Statement(Statement&& other) noexcept
    : database_(other.database_),
      sql_(std::move(other.sql_)),
      handle_(std::exchange(other.handle_, nullptr)),
      bind_result_(other.bind_result_) {}

Statement::~Statement() {
  if (handle_ != nullptr) database_->TakeBack(std::move(sql_), handle_);
}

void Statement::Note(int result) {
  if (bind_result_ == SQLITE_OK) bind_result_ = result;
}

void Statement::Bind(int index, std::int64_t value) { Note(sqlite3_bind_int64(handle_, index, value)); }
void Statement::Bind(int index, double value) { Note(sqlite3_bind_double(handle_, index, value)); }
void Statement::BindNull(int index) { Note(sqlite3_bind_null(handle_, index)); }

void Statement::Bind(int index, std::string_view text) {
  Note(sqlite3_bind_text64(handle_, index, Data(text), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
}

void Statement::Bind(int index, Blob blob) {
  Note(sqlite3_bind_blob64(handle_, index, Data(blob.bytes), blob.bytes.size(), SQLITE_TRANSIENT));
}

void Statement::BindKeptText(int index, std::string_view text) {
  Note(sqlite3_bind_text64(handle_, index, Data(text), text.size(), SQLITE_STATIC, SQLITE_UTF8));
}

void Statement::BindKeptBlob(int index, std::string_view bytes) {
  Note(sqlite3_bind_blob64(handle_, index, Data(bytes), bytes.size(), SQLITE_STATIC));
}

Result<bool> Statement::Step() {
  int result = bind_result_;
  if (result == SQLITE_OK) result = sqlite3_step(handle_);
  if (result == SQLITE_ROW) return true;
  if (result == SQLITE_DONE) {
    Reset();
    return false;
  }
  const std::string act = fmt::format("run \"{}\"", std::string_view(sql_).substr(0, 120));
  Error error = SqliteError(database_->connection_, result, act, database_->path());
  Reset();
  return error;
}

Status Statement::RunBound() {
  while (true) {
    const auto row = Step();
    if (!row.ok()) return row.error();
    if (!*row) return OkStatus();
  }
}

void Statement::Reset() {
  sqlite3_reset(handle_);
  sqlite3_clear_bindings(handle_);
  bind_result_ = SQLITE_OK;
}

std::int64_t Statement::Int(int column) const { return sqlite3_column_int64(handle_, column); }

double Statement::Double(int column) const {
  return IsNull(column) ? std::numeric_limits<double>::quiet_NaN() : sqlite3_column_double(handle_, column);
}

std::string Statement::Text(int column) const { return std::string(Bytes(column)); }

std::string_view Statement::Bytes(int column) const {
  const auto* data = static_cast<const char*>(sqlite3_column_blob(handle_, column));
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(handle_, column));
  return data == nullptr ? std::string_view() : std::string_view(data, size);
}

Id Statement::IdAt(int column) const {
  Id id;
  const std::string_view bytes = Bytes(column);
  if (bytes.size() == id.bytes.size()) std::copy(bytes.begin(), bytes.end(), id.bytes.begin());
  return id;
}

bool Statement::IsNull(int column) const { return sqlite3_column_type(handle_, column) == SQLITE_NULL; }

}  // namespace hone
