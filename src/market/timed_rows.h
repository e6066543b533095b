// Rows of a CSV with a time in each: logs of losses, of predictions and of what came of them.
//
// The first line names the columns, in any order. `time` (or timestamp, datetime, date; any case) is in the forms of
// ParseBarTime and never goes back; rows of one time may follow each other. What the other columns are is the
// caller's to ask. Quotes around a field, CRLF and a byte order mark are read, blank lines left out. At most 256
// columns.
//
// The text is outside input; errors are kInvalidData with source, line and column: "losses.csv:7: champion: 'x' is
// not a number". Borrows the text. Not thread-safe.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "market/csv_line.h"

namespace hone {

class TimedRows {
 public:
  // Reads the header. Refuses an empty file, one without a time column and one with two.
  static Result<TimedRows> Open(std::string_view text, std::string source);

  // As the header spells them.
  const std::vector<std::string>& names() const { return names_; }
  const std::string& time_name() const { return names_[time_column_]; }
  bool Has(std::string_view name) const;
  // Where a column is. An error when the header does not have it, or has it twice.
  Result<std::size_t> Column(std::string_view name) const;

  // The next row; false at the end.
  Result<bool> Next();
  // Of the row last read:
  int line() const { return lines_.line(); }
  Time time() const { return time_; }
  std::string_view Field(std::size_t column) const { return fields_[column]; }
  // Nothing in it, or NA, null, nan.
  bool Missing(std::size_t column) const;
  // A finite number, or an error.
  Result<double> Number(std::size_t column) const;
  // An error about a column of this row.
  Error Refuse(std::size_t column, std::string message) const;

  // The last line had no line end: should the file be cut off, its last value is wrong.
  bool without_line_end() const { return !lines_.ended(); }

 private:
  TimedRows(std::string_view text, std::string source) : lines_(text), source_(std::move(source)) {}
  bool NextLine(std::string_view& line);
  Status FindTime();
  Status ReadTime();
  Error At(std::string key, std::string message) const;

  LineReader lines_;
  std::string source_;
  std::vector<std::string> names_;
  std::size_t time_column_ = 0;
  bool any_ = false;  // a row was read
  Time time_ = 0;
  std::vector<std::string_view> fields_;
};

}  // namespace hone
