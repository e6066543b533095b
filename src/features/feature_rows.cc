#include "features/feature_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "base/edit_distance.h"
#include "features/csv_cells.h"

namespace hone {
namespace {

bool IsRow(const std::vector<std::string_view>& cells) {
  double value = 0;
  return std::all_of(cells.begin(), cells.end(), [&value](std::string_view cell) { return ParseNumberCell(cell, value); });
}

}  // namespace

Result<FeatureRows> FeatureRows::Open(std::string_view text, std::string source, std::vector<std::string> names,
                                      std::size_t width) {
  FeatureRows rows(text, std::move(source));
  rows.names_ = std::move(names);
  std::string_view line;
  do {
    if (!rows.lines_.Next(line)) return rows.At("", "the file is empty; a header line or a row was expected");
  } while (TrimmedCell(line).empty());
  SplitCells(line, rows.cells_);
  rows.fields_ = rows.cells_.size();
  if (rows.names_.empty() && IsRow(rows.cells_)) {
    rows.pending_ = true;
    rows.first_ = line;
  }
  std::vector<std::string> header;
  for (const std::string_view cell : rows.cells_) header.push_back(CellText(cell));
  HONE_RETURN_IF_ERROR(rows.Bind(header, width));
  return rows;
}

Status FeatureRows::Bind(std::span<const std::string> header, std::size_t width) {
  if (names_.empty()) {
    if (header.size() != width) {
      return At("", fmt::format("the model takes {} columns by position, the file has {}", width, header.size()));
    }
    for (std::size_t i = 0; i < width; ++i) {
      places_.push_back(i);
      names_.push_back(pending_ ? fmt::format("column {}", i + 1) : header[i]);
    }
    return OkStatus();
  }
  std::map<std::string_view, std::size_t> places;
  std::vector<std::string> twice;
  for (std::size_t i = 0; i < header.size(); ++i) {
    if (!places.emplace(header[i], i).second) twice.push_back(header[i]);
  }
  for (const std::string& name : names_) {
    const auto found = places.find(name);
    if (found == places.end()) {
      return At(name, fmt::format("the header has no such column{}",
                                  DidYouMean(name, std::vector<std::string>(header.begin(), header.end()))));
    }
    if (std::find(twice.begin(), twice.end(), name) != twice.end()) return At(name, "the header has the column twice");
    places_.push_back(found->second);
  }
  return OkStatus();
}

bool FeatureRows::NextLine(std::string_view& line) {
  if (pending_) {
    pending_ = false;
    line = first_;
    return true;
  }
  while (lines_.Next(line)) {
    if (fields_ == 1 || !TrimmedCell(line).empty()) return true;
  }
  return false;
}

Result<bool> FeatureRows::Next(std::span<double> row) {
  std::string_view line;
  if (!NextLine(line)) return false;
  SplitCells(line, cells_);
  if (cells_.size() != fields_) return At("", fmt::format("has {} cells, the first line {}", cells_.size(), fields_));
  for (std::size_t i = 0; i < places_.size(); ++i) {
    if (ParseNumberCell(cells_[places_[i]], row[i])) continue;
    return At(names_[i], fmt::format("'{}' is not a number", Shown(cells_[places_[i]])));
  }
  return true;
}

Error FeatureRows::At(std::string key, std::string message) const {
  return {ErrorCode::kInvalidData, std::move(message), source_, lines_.line(), std::move(key)};
}

}  // namespace hone
