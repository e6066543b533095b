#include "features/column_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <utility>

#include "base/edit_distance.h"
#include "market/csv_cell.h"
#include "market/csv_line.h"

namespace hone {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

std::string_view WithoutLineEnd(std::string_view line) {
  if (line.ends_with('\n')) line.remove_suffix(1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

bool IsTimeName(std::string name) {
  for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  constexpr std::string_view kNames[] = {"time", "timestamp", "date", "datetime", "open_time"};
  return std::find(std::begin(kNames), std::end(kNames), name) != std::end(kNames);
}

}  // namespace

Result<ColumnReader> ColumnReader::Open(std::string_view header, std::string source, std::string column) {
  ColumnReader reader(std::move(source), std::move(column));
  if (header.starts_with(kByteOrderMark)) header.remove_prefix(kByteOrderMark.size());
  header = WithoutLineEnd(header);
  if (Trimmed(header).empty()) {
    return Error{ErrorCode::kInvalidData, "a header line was expected", reader.source_, 1};
  }
  SplitCells(header, reader.cells_);
  reader.fields_ = reader.cells_.size();
  std::vector<std::string> names;
  for (const std::string_view cell : reader.cells_) names.push_back(Unquoted(cell));
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (reader.time_place_ == kNone && IsTimeName(names[i])) reader.time_place_ = i;
    if (names[i] != reader.column_) continue;
    if (reader.place_ != kNone) {
      return Error{ErrorCode::kInvalidArgument, "the header has the column twice", reader.source_, 1, reader.column_};
    }
    reader.place_ = i;
  }
  if (reader.place_ != kNone) return reader;
  return Error{ErrorCode::kInvalidArgument, "the header has no such column" + DidYouMean(reader.column_, names),
               reader.source_, 1, reader.column_};
}

Result<ColumnReader::Row> ColumnReader::Read(std::string_view line) {
  ++line_;
  line = WithoutLineEnd(line);
  Row row;
  row.blank = fields_ > 1 && Trimmed(line).empty();
  if (row.blank) return row;
  SplitCells(line, cells_);
  if (cells_.size() != fields_) return At(fmt::format("has {} cells, the header {}", cells_.size(), fields_));
  const std::string_view cell = cells_[place_];
  if (!ParseCell(cell, row.value)) return At(fmt::format("'{}' is not a number", Shown(cell)));
  if (has_time()) row.time = cells_[time_place_];
  return row;
}

Error ColumnReader::At(std::string message) const {
  return {ErrorCode::kInvalidData, std::move(message), source_, line_, column_};
}

}  // namespace hone
