#include "hone/drift_windows.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>

#include "base/edit_distance.h"
#include "base/files.h"
#include "market/csv_table.h"
#include "market/gzip.h"

namespace hone {
namespace {

constexpr std::size_t kLargestFile = std::size_t{2} << 30;
constexpr double kNoNumber = std::numeric_limits<double>::quiet_NaN();

Result<CsvTable> ReadTable(const std::string& path, std::span<const std::string> categorical) {
  HONE_ASSIGN_OR_RETURN(std::string text, ReadFile(path, kLargestFile));
  if (IsGzip(text)) {
    HONE_ASSIGN_OR_RETURN(text, Gunzip(text, path, kLargestFile));
  }
  return ReadCsvTable(text, path, categorical);
}

// Columns of both tables, in the order of the reference, as the rows of a check.
class Matcher {
 public:
  Matcher(const CsvTable& reference, const CsvTable& current) : reference_(reference), current_(current) {}

  Result<DriftWindows> Match() {
    for (const CsvColumn& column : reference_.columns) {
      const CsvColumn* other = current_.Find(column.name);
      if (other == nullptr) {
        LeaveOut(column, "not in " + current_.source);
      } else {
        HONE_RETURN_IF_ERROR(MatchColumn(column, *other));
      }
    }
    for (const CsvColumn& column : current_.columns)
      if (reference_.Find(column.name) == nullptr) LeaveOut(column, "not in " + reference_.source);
    if (windows_.names.empty()) return NothingInCommon();
    windows_.reference = Rows(first_, reference_.rows);
    windows_.current = Rows(second_, current_.rows);
    return std::move(windows_);
  }

 private:
  void LeaveOut(const CsvColumn& column, std::string reason) {
    windows_.left_out.push_back({column.name, std::move(reason)});
  }

  void NoteOrder(const CsvTable& table, const CsvColumn& column) {
    if (column.first_backward_line == 0) return;
    windows_.notes.push_back(fmt::format("{}:{}: {}: goes back in time; rows should be in time order", table.source,
                                         column.first_backward_line, column.name));
  }

  Status MatchColumn(const CsvColumn& first, const CsvColumn& second) {
    using Kind = CsvColumnKind;
    for (const Kind kind : {Kind::kTimes, Kind::kCounter, Kind::kFreeText}) {
      if (first.kind != kind && second.kind != kind) continue;
      NoteOrder(reference_, first);
      NoteOrder(current_, second);
      LeaveOut(first, CsvColumnKindName(kind));
      return OkStatus();
    }
    if (first.kind == Kind::kEmpty && second.kind == Kind::kEmpty) {
      LeaveOut(first, CsvColumnKindName(Kind::kEmpty));
      return OkStatus();
    }
    if (first.kind == Kind::kNumbers && second.kind == Kind::kCategories)
      return TextAmongNumbers(second, current_, reference_);
    if (first.kind == Kind::kCategories && second.kind == Kind::kNumbers)
      return TextAmongNumbers(first, reference_, current_);
    const bool categorical = first.kind == Kind::kCategories || second.kind == Kind::kCategories;
    windows_.names.push_back(first.name);
    windows_.categorical.push_back(categorical);
    first_.push_back(Values(first, reference_));
    second_.push_back(categorical ? Recoded(first, second, current_) : Values(second, current_));
    return OkStatus();
  }

  static Error TextAmongNumbers(const CsvColumn& text, const CsvTable& table, const CsvTable& other) {
    return {ErrorCode::kInvalidData,
            fmt::format("'{}' is not a number, as the cells of the column in {} are; --categorical {} compares them as "
                        "categories",
                        text.first_text, other.source, text.name),
            table.source, text.first_text_line, text.name};
  }

  // An empty column's values are all missing.
  static std::vector<double> Values(const CsvColumn& column, const CsvTable& table) {
    if (column.kind == CsvColumnKind::kEmpty)
      return std::vector<double>(static_cast<std::size_t>(table.rows), kNoNumber);
    return column.values;
  }

  // The second file's categories by the codes of the first; new ones follow.
  static std::vector<double> Recoded(const CsvColumn& first, const CsvColumn& second, const CsvTable& table) {
    std::map<std::string_view, double> codes;
    for (std::size_t i = 0; i < first.categories.size(); ++i)
      codes.emplace(first.categories[i], static_cast<double>(i));
    std::vector<double> code_of;
    for (const std::string& category : second.categories)
      code_of.push_back(codes.try_emplace(category, static_cast<double>(codes.size())).first->second);
    std::vector<double> values = Values(second, table);
    for (double& value : values)
      if (value >= 0) value = code_of[static_cast<std::size_t>(value)];
    return values;
  }

  static std::vector<double> Rows(const std::vector<std::vector<double>>& columns, std::int64_t count) {
    const std::size_t width = columns.size();
    std::vector<double> rows(static_cast<std::size_t>(count) * width);
    for (std::size_t j = 0; j < width; ++j)
      for (std::size_t i = 0; i < columns[j].size(); ++i) rows[i * width + j] = columns[j][i];
    return rows;
  }

  Error NothingInCommon() const {
    std::string reasons;
    for (std::size_t i = 0; i < std::min<std::size_t>(windows_.left_out.size(), 8); ++i)
      reasons += fmt::format("{}{} ({})", i == 0 ? "" : ", ", windows_.left_out[i].name, windows_.left_out[i].reason);
    return {ErrorCode::kInvalidData,
            fmt::format("has no column that can be compared with {}: {}", reference_.source, reasons), current_.source};
  }

  const CsvTable& reference_;
  const CsvTable& current_;
  DriftWindows windows_;
  std::vector<std::vector<double>> first_, second_;
};

Status CheckNames(std::span<const std::string> categorical, const CsvTable& reference, const CsvTable& current) {
  for (const std::string& name : categorical) {
    if (reference.Find(name) != nullptr || current.Find(name) != nullptr) continue;
    std::vector<std::string> names;
    for (const CsvColumn& column : reference.columns) names.push_back(column.name);
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("neither file has a column '{}'{}", name, DidYouMean(name, names)), "--categorical"};
  }
  return OkStatus();
}

}  // namespace

Result<DriftWindows> ReadDriftWindows(const std::string& reference_path, const std::string& current_path,
                                      std::span<const std::string> categorical) {
  HONE_ASSIGN_OR_RETURN(const CsvTable reference, ReadTable(reference_path, categorical));
  HONE_ASSIGN_OR_RETURN(const CsvTable current, ReadTable(current_path, categorical));
  HONE_RETURN_IF_ERROR(CheckNames(categorical, reference, current));
  return Matcher(reference, current).Match();
}

}  // namespace hone
