#include "storage/row_source.h"

#include <sqlite3.h>

#include "storage/sqlite_error.h"

namespace hone {
namespace {

constexpr int kColumns = 16;
constexpr char kPointerType[] = "hone row source";

// A cursor of the table; SQLite knows its first member only.
struct Cursor {
  sqlite3_vtab_cursor base;
  const RowSource* rows;
  std::size_t row;
};

Cursor& Of(sqlite3_vtab_cursor* cursor) { return *reinterpret_cast<Cursor*>(cursor); }

int Connect(sqlite3* connection, void*, int, const char* const*, sqlite3_vtab** table, char**) {
  const int declared = sqlite3_declare_vtab(
      connection,
      "CREATE TABLE program_rows (c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15, rows HIDDEN)");
  if (declared != SQLITE_OK) return declared;
  *table = new sqlite3_vtab{};
  return SQLITE_OK;
}

int Disconnect(sqlite3_vtab* table) {
  delete table;
  return SQLITE_OK;
}

// The one way to read it: whole, with the source given as the argument.
int BestIndex(sqlite3_vtab*, sqlite3_index_info* plan) {
  for (int i = 0; i < plan->nConstraint; ++i) {
    const auto& constraint = plan->aConstraint[i];
    if (constraint.iColumn != kColumns || constraint.op != SQLITE_INDEX_CONSTRAINT_EQ) continue;
    if (constraint.usable == 0) return SQLITE_CONSTRAINT;
    plan->aConstraintUsage[i].argvIndex = 1;
    plan->aConstraintUsage[i].omit = 1;
    return SQLITE_OK;
  }
  return SQLITE_CONSTRAINT;
}

int Open(sqlite3_vtab*, sqlite3_vtab_cursor** cursor) {
  *cursor = &(new Cursor{})->base;
  return SQLITE_OK;
}

int Close(sqlite3_vtab_cursor* cursor) {
  delete &Of(cursor);
  return SQLITE_OK;
}

int Filter(sqlite3_vtab_cursor* cursor, int, const char*, int, sqlite3_value** arguments) {
  Of(cursor).rows = static_cast<const RowSource*>(sqlite3_value_pointer(arguments[0], kPointerType));
  Of(cursor).row = 0;
  return SQLITE_OK;
}

int Next(sqlite3_vtab_cursor* cursor) {
  ++Of(cursor).row;
  return SQLITE_OK;
}

// A value that is no source has no rows.
int Eof(sqlite3_vtab_cursor* cursor) {
  const Cursor& at = Of(cursor);
  return at.rows == nullptr || at.row >= at.rows->size() ? 1 : 0;
}

int Column(sqlite3_vtab_cursor* cursor, sqlite3_context* context, int column) {
  const Cursor& at = Of(cursor);
  SqlValue value(context);
  if (column < kColumns) at.rows->Tell(at.row, column, value);
  return SQLITE_OK;
}

int RowId(sqlite3_vtab_cursor* cursor, sqlite3_int64* id) {
  *id = static_cast<sqlite3_int64>(Of(cursor).row);
  return SQLITE_OK;
}

// Without xCreate the table exists in every connection, and only as a function.
sqlite3_module Module() {
  sqlite3_module module{};
  module.xConnect = Connect;
  module.xBestIndex = BestIndex;
  module.xDisconnect = Disconnect;
  module.xOpen = Open;
  module.xClose = Close;
  module.xFilter = Filter;
  module.xNext = Next;
  module.xEof = Eof;
  module.xColumn = Column;
  module.xRowid = RowId;
  return module;
}

}  // namespace

void SqlValue::SetInteger(std::int64_t value) { sqlite3_result_int64(context_, value); }
void SqlValue::Set(double value) { sqlite3_result_double(context_, value); }

void SqlValue::Set(std::string_view text) {
  sqlite3_result_text64(context_, text.empty() ? "" : text.data(), text.size(), SQLITE_STATIC, SQLITE_UTF8);
}

void SqlValue::Set(Blob blob) {
  sqlite3_result_blob64(context_, blob.bytes.empty() ? "" : blob.bytes.data(), blob.bytes.size(), SQLITE_STATIC);
}

void Statement::BindKeptRows(int index, const RowSource& rows) {
  Note(sqlite3_bind_pointer(handle_, index, const_cast<RowSource*>(&rows), kPointerType, nullptr));
}

Status RegisterRowSource(sqlite3* connection, const std::string& path) {
  static const sqlite3_module module = Module();
  const int result = sqlite3_create_module_v2(connection, "program_rows", &module, nullptr, nullptr);
  return result == SQLITE_OK ? OkStatus() : Status(SqliteError(connection, result, "make program_rows", path));
}

}  // namespace hone
