// One column of a CSV, a line at a time: for a stream that has no end, of which nothing is kept.
//
// The first line is the header. Cells are read as in feature_rows.h; blank lines are left out. The text is outside
// input: errors name source, line and column, "prices.csv:7: close: 'x' is not a number".
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace hone {

class ColumnReader {
 public:
  // kInvalidArgument where the header has no such column, or has it twice; kInvalidData for a blank header.
  static Result<ColumnReader> Open(std::string_view header, std::string source, std::string column);

  struct Row {
    bool blank = false;     // a line without anything, to be left out
    double value = 0;       // NaN where missing
    std::string_view time;  // the cell of the time column as it stands, "" without one; borrowed from the line
  };
  // The next line, with or without its line end.
  Result<Row> Read(std::string_view line);

  int line() const { return line_; }
  // A column named time, timestamp, date, datetime or open_time, in any case.
  bool has_time() const { return time_place_ != kNone; }
  // "prices.csv:7: close: `message`" about the line last read.
  Error At(std::string message) const;

 private:
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  ColumnReader(std::string source, std::string column) : source_(std::move(source)), column_(std::move(column)) {}

  std::string source_, column_;
  int line_ = 1;
  std::size_t fields_ = 0, place_ = kNone, time_place_ = kNone;
  std::vector<std::string_view> cells_;
};

}  // namespace hone
