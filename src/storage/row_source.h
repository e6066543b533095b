// Rows of the program as a table that one SQL statement reads, so that a batch costs one statement instead of one a
// row:
//
//   struct Squares : RowSource {
//     std::size_t size() const override { return 10; }
//     void Tell(std::size_t row, int column, SqlValue& value) const override { value.Set(row * row); }
//   };
//   HONE_ASSIGN_OR_RETURN(Statement insert, database.Prepare("INSERT INTO t (n) SELECT c0 FROM program_rows(?)"));
//   HONE_RETURN_IF_ERROR(insert.Run(squares));
//
// The table has the columns c0, c1, ... c15, its rows in the order of the source.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/id.h"
#include "base/result.h"
#include "storage/statement.h"

struct sqlite3;
struct sqlite3_context;

namespace hone {

// Takes one value; without a call it is NULL. Texts and blobs are not copied: they must stay until the statement ends.
class SqlValue {
 public:
  explicit SqlValue(sqlite3_context* context) : context_(context) {}
  template <std::integral Integer>
  void Set(Integer value) {
    SetInteger(static_cast<std::int64_t>(value));
  }
  void Set(double value);  // NaN is stored as NULL
  void Set(std::string_view text);
  void Set(Blob blob);
  void Set(const Id& id) { Set(Blob{{reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size()}}); }

 private:
  void SetInteger(std::int64_t value);
  sqlite3_context* context_;
};

// Read on the thread of the connection while the statement runs; must not change then, nor use the connection.
class RowSource {
 public:
  virtual ~RowSource() = default;
  virtual std::size_t size() const = 0;
  virtual void Tell(std::size_t row, int column, SqlValue& value) const = 0;
};

// Makes `program_rows` known to a connection; Database::Open does.
Status RegisterRowSource(sqlite3* connection, const std::string& path);

}  // namespace hone
