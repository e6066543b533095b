#include "market/csv_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>

#include "market/csv_cell.h"
#include "market/csv_line.h"
#include "market/timestamp.h"

namespace hone {
namespace {

constexpr std::size_t kMostColumns = 4096;
constexpr std::size_t kMostCells = 50'000'000;
constexpr std::size_t kMostCategories = 1000;
constexpr std::int64_t kFewRows = 100;  // among which all may differ and still be categories
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

std::string_view Inner(std::string_view cell) {
  const bool quoted = cell.size() >= 2 && cell.front() == '"' && cell.back() == '"';
  return quoted ? Trimmed(cell.substr(1, cell.size() - 2)) : cell;
}

bool IsMissingCell(std::string_view cell) {
  const std::string_view text = Inner(cell);
  if (text.size() > 4) return false;
  std::string lower;
  for (const char c : text) lower += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return lower.empty() || lower == "nan" || lower == "na" || lower == "n/a" || lower == "null" || lower == "none";
}

// What was seen of one column's cells.
struct Seen {
  std::int64_t numbers = 0, texts = 0;
  bool all_times = true, backward = false;
  int first_backward_line = 0;
  std::optional<Time> last_time;
  std::unordered_map<std::string, int> codes;
  bool too_many = false;
  bool categorical = false;
};

// Fills the columns in one pass over the lines; a column that turns out to hold text is gone through again for its
// codes.
class TableReader {
 public:
  TableReader(std::string_view text, std::string source) : lines_(text) { table_.source = std::move(source); }

  Result<CsvTable> Read(std::span<const std::string> categorical) {
    HONE_RETURN_IF_ERROR(ReadHeader());
    for (std::size_t i = 0; i < width(); ++i)
      seen_[i].categorical =
          std::find(categorical.begin(), categorical.end(), table_.columns[i].name) != categorical.end();
    HONE_RETURN_IF_ERROR(ReadRows());
    for (std::size_t i = 0; i < width(); ++i) HONE_RETURN_IF_ERROR(Classify(i));
    ReadCategories();
    return std::move(table_);
  }

 private:
  std::size_t width() const { return table_.columns.size(); }

  Error At(int line, std::string key, std::string message) const {
    return {ErrorCode::kInvalidData, std::move(message), table_.source, line, std::move(key)};
  }

  Status ReadHeader() {
    std::string_view line;
    do {
      if (!lines_.Next(line)) return At(lines_.line(), "", "the file is empty; a header line with names was expected");
    } while (Trimmed(line).empty());
    SplitCells(line, cells_, kMostColumns);
    if (cells_.size() > kMostColumns)
      return At(lines_.line(), "", fmt::format("has more than {} columns", kMostColumns));
    std::set<std::string> names;
    bool numbers = true;
    for (const std::string_view cell : cells_) {
      double value = 0;
      numbers = numbers && !Inner(cell).empty() && ParseCell(cell, value);
      CsvColumn column;
      column.name = Unquoted(cell);
      if (!names.insert(column.name).second) return At(lines_.line(), column.name, "the header has the column twice");
      table_.columns.push_back(std::move(column));
    }
    if (numbers) return At(lines_.line(), "", "holds only numbers; a header line with names was expected");
    seen_.resize(width());
    return OkStatus();
  }

  // False at the end. Blank lines are left out, except in a file of one column, where they are missing values.
  Result<bool> NextRow(LineReader& lines) {
    std::string_view line;
    do {
      if (!lines.Next(line)) return false;
    } while (width() > 1 && Trimmed(line).empty());
    SplitCells(line, cells_, width());
    if (cells_.size() == width()) return true;
    const bool more = cells_.size() > width();
    return At(lines.line(), "",
              fmt::format("has {} cells, the header {}", more ? "more" : std::to_string(cells_.size()), width()));
  }

  Status ReadRows() {
    body_ = lines_;
    while (true) {
      HONE_ASSIGN_OR_RETURN(const bool more, NextRow(lines_));
      if (!more) break;
      ++table_.rows;
      if (static_cast<std::size_t>(table_.rows) * width() > kMostCells)
        return At(lines_.line(), "", fmt::format("more than {} cells; compare fewer rows or columns", kMostCells));
      for (std::size_t i = 0; i < width(); ++i) TakeCell(i, cells_[i]);
    }
    if (table_.rows > 0) return OkStatus();
    return At(lines_.line(), "", "holds no rows below its header");
  }

  void TakeCell(std::size_t i, std::string_view cell) {
    CsvColumn& column = table_.columns[i];
    Seen& seen = seen_[i];
    double value = kNan;
    const bool missing = IsMissingCell(cell), number = !missing && ParseCell(cell, value);
    column.values.push_back(value);
    if (missing) return;
    ++(number ? seen.numbers : seen.texts);
    if (!number && column.first_text_line == 0) {
      column.first_text = Shown(Inner(cell));
      column.first_text_line = lines_.line();
    }
    if (seen.all_times && (!number || i == 0)) TakeTime(seen, Inner(cell));
  }

  void TakeTime(Seen& seen, std::string_view cell) {
    const std::optional<Time> time = ParseBarTime(cell);
    seen.all_times = time.has_value();
    if (time && seen.last_time && *time < *seen.last_time && seen.first_backward_line == 0)
      seen.first_backward_line = lines_.line();
    seen.last_time = time;
  }

  static bool IsCounter(const std::vector<double>& values) {
    for (std::size_t i = 1; i < values.size(); ++i)
      if (values[i] != values[i - 1] + 1) return false;
    return values.size() > 1;
  }

  CsvColumnKind KindOf(std::size_t i) const {
    const Seen& seen = seen_[i];
    if (seen.numbers + seen.texts == 0) return CsvColumnKind::kEmpty;
    if (seen.categorical) return CsvColumnKind::kCategories;
    if (i == 0 && seen.texts == 0 && IsCounter(table_.columns[i].values)) return CsvColumnKind::kCounter;
    if (seen.all_times && (seen.numbers == 0 || (i == 0 && seen.first_backward_line == 0)))
      return CsvColumnKind::kTimes;
    return seen.texts == 0 ? CsvColumnKind::kNumbers : CsvColumnKind::kCategories;
  }

  Status Classify(std::size_t i) {
    CsvColumn& column = table_.columns[i];
    const Seen& seen = seen_[i];
    column.kind = KindOf(i);
    if (column.kind == CsvColumnKind::kTimes) column.first_backward_line = seen.first_backward_line;
    if (column.kind == CsvColumnKind::kCategories && !seen.categorical && seen.numbers > seen.texts) {
      return At(column.first_text_line, column.name,
                fmt::format("'{}' is not a number, as {} of the column's {} cells are", column.first_text, seen.numbers,
                            seen.numbers + seen.texts));
    }
    if (column.kind != CsvColumnKind::kNumbers && column.kind != CsvColumnKind::kEmpty) column.values = {};
    return OkStatus();
  }

  void ReadCategories() {
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < width(); ++i)
      if (table_.columns[i].kind == CsvColumnKind::kCategories) places.push_back(i);
    if (places.empty()) return;
    for (LineReader lines = body_; NextRow(lines).value();)
      for (const std::size_t i : places) TakeCategory(i);
    for (const std::size_t i : places) {
      CsvColumn& column = table_.columns[i];
      const bool differ = !seen_[i].categorical && table_.rows >= kFewRows &&
                          2 * static_cast<std::int64_t>(column.categories.size()) > table_.rows;
      if (!seen_[i].too_many && !differ) continue;
      column.kind = CsvColumnKind::kFreeText;
      column.values = {};
      column.categories = {};
    }
  }

  void TakeCategory(std::size_t i) {
    CsvColumn& column = table_.columns[i];
    Seen& seen = seen_[i];
    if (seen.too_many) return;
    if (IsMissingCell(cells_[i])) {
      column.values.push_back(kNan);
      return;
    }
    const auto [place, fresh] = seen.codes.try_emplace(Unquoted(cells_[i]), static_cast<int>(seen.codes.size()));
    if (fresh) column.categories.push_back(place->first);
    column.values.push_back(place->second);
    seen.too_many = seen.codes.size() > kMostCategories;
  }

  LineReader lines_, body_{""};
  CsvTable table_;
  std::vector<Seen> seen_;
  std::vector<std::string_view> cells_;
};

}  // namespace

const char* CsvColumnKindName(CsvColumnKind kind) {
  switch (kind) {
    case CsvColumnKind::kNumbers: return "numbers";
    case CsvColumnKind::kCategories: return "categories";
    case CsvColumnKind::kTimes: return "times";
    case CsvColumnKind::kCounter: return "row numbers";
    case CsvColumnKind::kFreeText: return "free text";
    case CsvColumnKind::kEmpty: return "empty";
  }
  return "";
}

const CsvColumn* CsvTable::Find(std::string_view name) const {
  for (const CsvColumn& column : columns)
    if (column.name == name) return &column;
  return nullptr;
}

Result<CsvTable> ReadCsvTable(std::string_view text, const std::string& source,
                              std::span<const std::string> categorical) {
  return TableReader(text, source).Read(categorical);
}

}  // namespace hone
