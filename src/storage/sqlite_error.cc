#include "storage/sqlite_error.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <cerrno>

namespace hone {
namespace {

bool MeansFull(int number) { return number == ENOSPC || number == EDQUOT || number == EFBIG; }

// The system's error in the last operation on the database file or its write-ahead log: SQLite says "full" for ENOSPC
// alone, and errno is another's by the time an error is told.
bool FileIsFull(sqlite3* connection, int which) {
  sqlite3_file* file = nullptr;
  if (sqlite3_file_control(connection, nullptr, which, &file) != SQLITE_OK) return false;
  if (file == nullptr || file->pMethods == nullptr) return false;
  int number = 0;
  return file->pMethods->xFileControl(file, SQLITE_FCNTL_LAST_ERRNO, &number) == SQLITE_OK && MeansFull(number);
}

bool IsDiskFull(sqlite3* connection, int code) {
  if ((code & 0xff) == SQLITE_FULL) return true;
  if ((code & 0xff) != SQLITE_IOERR || connection == nullptr) return false;
  return MeansFull(sqlite3_system_errno(connection)) || FileIsFull(connection, SQLITE_FCNTL_FILE_POINTER) ||
         FileIsFull(connection, SQLITE_FCNTL_JOURNAL_POINTER);
}

ErrorCode CodeOf(sqlite3* connection, int code) {
  if (IsDiskFull(connection, code)) return ErrorCode::kResourceExhausted;
  switch (code & 0xff) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return ErrorCode::kCorrupt;
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return ErrorCode::kUnavailable;
    case SQLITE_CONSTRAINT: return ErrorCode::kConflict;
    case SQLITE_TOOBIG: return ErrorCode::kInvalidArgument;
    default: return ErrorCode::kInternal;
  }
}

const char* Advice(ErrorCode code) {
  switch (code) {
    case ErrorCode::kResourceExhausted:
      return "; the disk is full: nothing of this change was stored, free some space and try again";
    case ErrorCode::kCorrupt:
      return "; the file is damaged or no hone store: put back a copy of it, or move it away to start with an empty "
             "store";
    case ErrorCode::kUnavailable: return "; another process holds the store";
    default: return "";
  }
}

}  // namespace

Error SqliteError(sqlite3* connection, int code, std::string_view act, const std::string& path) {
  const ErrorCode kind = CodeOf(connection, code);
  const bool has_message = connection != nullptr && (sqlite3_errcode(connection) & 0xff) == (code & 0xff);
  const char* said = has_message ? sqlite3_errmsg(connection) : sqlite3_errstr(code);
  return {kind, fmt::format("cannot {}: {}{}", act, said, Advice(kind)), path, 0, ""};
}

}  // namespace hone
