// Rows of a CSV as a model takes them.
//
// Columns are found by name in the header line, in any order, others being left out; a model without names takes all
// columns as they stand, and the header may then be missing (a first line that holds nothing but numbers is a row).
// Cells: a decimal number, inf or -inf; empty or nan is missing (NaN). Quotes around a cell and "" within them, CRLF
// and a byte order mark are read. Blank lines are left out, except in a file of one column, where they are missing
// values.
//
// The text is outside input; errors are kInvalidData with source, line and column: "rows.csv:7: f3: 'x' is not a
// number". Borrows the text.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "market/csv_line.h"

namespace hone {

class FeatureRows {
 public:
  // `names`: the columns of a row, in its order; empty: `width` columns by position. Reads the header.
  static Result<FeatureRows> Open(std::string_view text, std::string source, std::vector<std::string> names,
                                  std::size_t width);

  // The next row; false at the end. `row.size()` is the number of columns asked for.
  Result<bool> Next(std::span<double> row);
  int line() const { return lines_.line(); }

 private:
  FeatureRows(std::string_view text, std::string source) : lines_(text), source_(std::move(source)) {}
  bool NextLine(std::string_view& line);
  Status Bind(std::span<const std::string> header, std::size_t width);
  Error At(std::string key, std::string message) const;

  LineReader lines_;
  std::string source_;
  std::vector<std::string> names_;
  std::vector<std::size_t> places_;  // place_of_row column -> field of the line
  std::size_t fields_ = 0;           // of each line
  bool pending_ = false;             // first_ is a row that is yet to be given
  std::string_view first_;
  std::vector<std::string_view> cells_;
};

}  // namespace hone
