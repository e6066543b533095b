// A prepared statement, borrowed from its Database and given back by the destructor.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "base/id.h"
#include "base/result.h"

struct sqlite3_stmt;

namespace hone {

class Database;
class RowSource;

// Bytes to bind as a BLOB rather than as text.
struct Blob {
  std::string_view bytes;
};

// Parameters are numbered from 1, columns from 0. A failed Bind shows in the next Step or Run.
class Statement {
 public:
  Statement(Statement&& other) noexcept;
  Statement& operator=(Statement&&) = delete;
  ~Statement();

  void Bind(int index, std::int64_t value);
  // SQL has no NaN: it is stored as NULL, and Double() gives it back as NaN.
  void Bind(int index, double value);
  void Bind(int index, std::string_view text);  // copied
  void Bind(int index, Blob blob);              // copied
  void Bind(int index, const Id& id) { Bind(index, Blob{{reinterpret_cast<const char*>(id.bytes.data()), 16}}); }
  void BindNull(int index);

  // Binds all parameters in order.
  template <typename... Values>
  void BindAll(const Values&... values) {
    int index = 0;
    (BindValue(++index, values), ...);
  }

  // Goes to the next row: true on a row, false at the end. After false or an error the statement is as if Reset.
  Result<bool> Step();
  // Binds `values`, runs to the end and resets; a statement that returns rows may be run too.
  template <typename... Values>
  Status Run(const Values&... values) {
    int index = 0;
    (BindKept(++index, values), ...);
    return RunBound();
  }
  Status RunBound();
  // Forgets bindings and position.
  void Reset();

  // Columns of the current row; valid until the next Step or Reset.
  std::int64_t Int(int column) const;
  double Double(int column) const;
  std::string Text(int column) const;
  std::string_view Bytes(int column) const;
  // The 16 bytes of an id; all zero when the column holds anything else.
  Id IdAt(int column) const;
  bool IsNull(int column) const;

 private:
  friend class Database;
  Statement(Database& database, std::string sql, sqlite3_stmt* handle)
      : database_(&database), sql_(std::move(sql)), handle_(handle) {}

  template <typename Value>
  void BindValue(int index, const Value& value) {
    if constexpr (std::is_same_v<Value, std::nullptr_t>) {
      BindNull(index);
    } else if constexpr (std::is_integral_v<Value> || std::is_enum_v<Value>) {
      Bind(index, static_cast<std::int64_t>(value));
    } else {
      Bind(index, value);
    }
  }
  // As BindValue for a value that outlives the run: text, blobs and ids are not copied.
  template <typename Value>
  void BindKept(int index, const Value& value) {
    if constexpr (std::is_same_v<Value, Id>) {
      BindKept(index, Blob{{reinterpret_cast<const char*>(value.bytes.data()), value.bytes.size()}});
    } else if constexpr (std::is_same_v<Value, std::nullptr_t>) {
      BindNull(index);
    } else if constexpr (std::is_convertible_v<const Value&, std::string_view>) {
      BindKeptText(index, value);
    } else if constexpr (std::is_same_v<Value, Blob>) {
      BindKeptBlob(index, value.bytes);
    } else if constexpr (std::is_class_v<Value> && std::is_convertible_v<const Value&, const RowSource&>) {
      BindKeptRows(index, value);
    } else {
      BindValue(index, value);
    }
  }
  void BindKeptText(int index, std::string_view text);
  void BindKeptBlob(int index, std::string_view bytes);
  void BindKeptRows(int index, const RowSource& rows);
  void Note(int result);

  Database* database_;
  std::string sql_;
  sqlite3_stmt* handle_;
  int bind_result_ = 0;
};

}  // namespace hone
