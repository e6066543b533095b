#include "market/timed_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <utility>

#include "base/edit_distance.h"
#include "market/timestamp.h"

namespace hone {
namespace {

constexpr std::array<std::string_view, 4> kTimeColumns{"time", "timestamp", "datetime", "date"};
constexpr std::array<std::string_view, 6> kMissingWords{"", "na", "n/a", "null", "none", "nan"};

std::string LowerCase(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return lower;
}

bool IsTimeName(std::string_view name) {
  return std::find(kTimeColumns.begin(), kTimeColumns.end(), LowerCase(name)) != kTimeColumns.end();
}

}  // namespace

Result<TimedRows> TimedRows::Open(std::string_view text, std::string source) {
  TimedRows rows(text, std::move(source));
  std::string_view line;
  if (!rows.NextLine(line)) return rows.At("", "the file is empty; a header line with the columns' names was expected");
  SplitFields(line, ',', rows.fields_);
  if (rows.fields_.size() > kMostFields) return rows.At("", fmt::format("more than {} columns", kMostFields));
  rows.names_.assign(rows.fields_.begin(), rows.fields_.end());
  HONE_RETURN_IF_ERROR(rows.FindTime());
  return rows;
}

Status TimedRows::FindTime() {
  const auto found = std::find_if(names_.begin(), names_.end(), IsTimeName);
  if (found == names_.end()) return At("time", "the header has no such column");
  const auto again = std::find_if(found + 1, names_.end(), IsTimeName);
  if (again != names_.end()) {
    return At("time", fmt::format("the header has two: '{}' and '{}'", Shown(*found), Shown(*again)));
  }
  time_column_ = static_cast<std::size_t>(found - names_.begin());
  return OkStatus();
}

bool TimedRows::Has(std::string_view name) const {
  return std::find(names_.begin(), names_.end(), name) != names_.end();
}

Result<std::size_t> TimedRows::Column(std::string_view name) const {
  const auto found = std::find(names_.begin(), names_.end(), name);
  if (found == names_.end()) {
    Error error = At(Shown(name), "the header has no such column" + DidYouMean(name, names_));
    error.line = 1;
    return error;
  }
  if (std::find(found + 1, names_.end(), name) != names_.end()) {
    return At(Shown(name), "the header has the column twice");
  }
  return static_cast<std::size_t>(found - names_.begin());
}

bool TimedRows::NextLine(std::string_view& line) {
  while (lines_.Next(line)) {
    if (line.find_first_not_of(" \t") != std::string_view::npos) return true;
  }
  return false;
}

Result<bool> TimedRows::Next() {
  std::string_view line;
  if (!NextLine(line)) return false;
  SplitFields(line, ',', fields_);
  if (fields_.size() != names_.size()) {
    const bool cut = !lines_.ended() && fields_.size() < names_.size();
    return At("", fmt::format("has {} fields, the header {}{}", fields_.size(), names_.size(),
                              cut ? ": the last line is cut off" : ""));
  }
  HONE_RETURN_IF_ERROR(ReadTime());
  any_ = true;
  return true;
}

Status TimedRows::ReadTime() {
  const std::string_view field = fields_[time_column_];
  const auto time = ParseBarTime(field);
  if (!time) {
    return Refuse(time_column_, fmt::format("'{}' is no time; expected an epoch of nine digits or more, 2008-09-15, "
                                            "9/15/2008 or 20080915, with or without a time of day",
                                            Shown(field)));
  }
  if (any_ && *time < time_) {
    return Refuse(time_column_, fmt::format("{} is before the row above ({}); expected the oldest row first",
                                            FormatTime(*time), FormatTime(time_)));
  }
  time_ = *time;
  return OkStatus();
}

bool TimedRows::Missing(std::size_t column) const {
  return std::find(kMissingWords.begin(), kMissingWords.end(), LowerCase(fields_[column].substr(0, 5))) !=
         kMissingWords.end();
}

Result<double> TimedRows::Number(std::size_t column) const {
  if (fields_[column].empty()) return Refuse(column, "the value is missing");
  const auto value = ParseNumber(fields_[column]);
  if (!value) return Refuse(column, fmt::format("'{}' is not a number", Shown(fields_[column])));
  if (!std::isfinite(*value)) {
    return Refuse(column, fmt::format("must be a finite number, is '{}'", Shown(fields_[column])));
  }
  return *value;
}

Error TimedRows::Refuse(std::size_t column, std::string message) const {
  return At(Shown(names_[column]), std::move(message));
}

Error TimedRows::At(std::string key, std::string message) const {
  return {ErrorCode::kInvalidData, std::move(message), source_, lines_.line(), std::move(key)};
}

}  // namespace hone
