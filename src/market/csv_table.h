// A CSV of named columns of any kind, read as a whole.
//
// The first line names the columns. Cells are read as market/csv_cell.h says; empty, nan, na, n/a, null, none and NULL
// in any case are missing. What a column holds is told from its cells:
//   numbers     every cell is a number. Where more cells are numbers than are not, the others are an error.
//   categories  text, and what the caller names so; codes 0, 1, ... in the order of first appearance.
//   times       every cell is a time (market/timestamp.h). Bare numbers count as times in the first column only, and
//               only where they never decrease.
//   counter     the first column, where each cell is one more than that before (two rows at least): row numbers.
//   free text   more than 1,000 different texts, or where more than half of the rows differ (from 100 rows on).
//   empty       every cell is missing.
//
// The text is outside input: errors are kInvalidData with source, line and column. Bounded: 4,096 columns, 50 million
// cells.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace hone {

enum class CsvColumnKind : std::uint8_t { kNumbers, kCategories, kTimes, kCounter, kFreeText, kEmpty };
const char* CsvColumnKindName(CsvColumnKind kind);  // "numbers", "categories", "times", "row numbers", ...

struct CsvColumn {
  std::string name;
  CsvColumnKind kind = CsvColumnKind::kEmpty;
  std::vector<double> values;           // of kNumbers, or codes of kCategories; NaN is missing. Otherwise empty
  std::vector<std::string> categories;  // of kCategories: the text of each code
  std::string first_text;               // the first cell that is no number, as shown, and its line; 0: none
  int first_text_line = 0;
  int first_backward_line = 0;  // of kTimes: the first line whose time is before that of the line above; 0: none
};

struct CsvTable {
  std::string source;
  std::vector<CsvColumn> columns;  // in the order of the file
  std::int64_t rows = 0;

  const CsvColumn* Find(std::string_view name) const;
};

// `categorical`: columns to be read as categories whatever they hold; those that the file lacks are passed over.
Result<CsvTable> ReadCsvTable(std::string_view text, const std::string& source,
                              std::span<const std::string> categorical = {});

}  // namespace hone
