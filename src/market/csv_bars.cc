#include "market/csv_bars.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "market/csv_line.h"
#include "market/timestamp.h"

namespace hone {
namespace {

class CsvCells final : public BarCells {
 public:
  // `midnight`: the time may be milliseconds since then.
  CsvCells(char delimiter, std::optional<Time> midnight) : delimiter_(delimiter), midnight_(midnight) {}

  void Split(std::string_view line) { SplitFields(line, delimiter_, fields_); }
  std::size_t size() const { return fields_.size(); }

  bool IsMissing(int column) const override { return IsMissingText(Field(column)); }
  std::optional<double> Number(int column) const override { return ParseNumber(Field(column)); }
  std::optional<Time> TimeOf(int column) const override;
  std::optional<Duration> TimeOfDay(int column) const override { return ParseTimeOfDay(Field(column)); }
  std::string Show(int column) const override { return Shown(Field(column)); }

 private:
  std::string_view Field(int column) const { return fields_[static_cast<std::size_t>(column)]; }

  char delimiter_;
  std::optional<Time> midnight_;
  std::vector<std::string_view> fields_;
};

std::optional<Time> CsvCells::TimeOf(int column) const {
  const std::string_view text = Field(column);
  if (!midnight_) return ParseBarTime(text);
  std::int64_t milliseconds = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), milliseconds);
  const bool whole = code == std::errc() && end == text.data() + text.size();
  const bool within_day = whole && milliseconds >= 0 && milliseconds < kDay / kMillisecond;
  return within_day ? *midnight_ + milliseconds * kMillisecond : ParseBarTime(text);
}

Status CheckWidth(std::size_t fields, std::size_t expected, bool ended, const std::string& source, int line) {
  if (fields == expected) return OkStatus();
  const bool short_end = !ended && fields < expected;
  return Error{ErrorCode::kInvalidData,
               fmt::format("{} fields, expected {}{}", fields, expected, short_end ? ": the last line is cut off" : ""),
               source, line, ""};
}

Status RefuseBinary(std::string_view text, const std::string& source) {
  const std::string_view start = text.substr(0, 4096);
  const auto odd = std::find_if(start.begin(), start.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\r' && c != '\t';
  });
  if (odd == start.end()) return OkStatus();
  return Error{ErrorCode::kInvalidData,
               fmt::format("not a text file: byte {:#04x} at {}; expected CSV, gzipped CSV, a zip of CSV or Parquet",
                           static_cast<unsigned char>(*odd), odd - start.begin()),
               source, 0, ""};
}

}  // namespace

Result<RawBars> ParseCsvBars(std::string_view text, const CsvContext& context, const LoadOptions& options) {
  HONE_RETURN_IF_ERROR(RefuseBinary(text, context.source));
  HONE_ASSIGN_OR_RETURN(BarLayout layout, DetectLayout(text, context.source, options));
  bool header = layout.has_header, ended = true;
  CsvCells cells(layout.delimiter, header ? std::nullopt : context.midnight);
  BarRows rows(std::move(layout), context.source, "line", context.lean, options);
  LineReader lines(text);
  std::string_view line;
  int last = 0;
  while (lines.Next(line)) {
    if (line.find_first_not_of(" \t") == std::string_view::npos) continue;
    if (std::exchange(header, false)) continue;
    cells.Split(line);
    HONE_RETURN_IF_ERROR(CheckWidth(cells.size(), rows.layout().fields, lines.ended(), context.source, lines.line()));
    HONE_RETURN_IF_ERROR(rows.Add(cells, lines.line()));
    ended = lines.ended();
    last = lines.line();
  }
  HONE_ASSIGN_OR_RETURN(RawBars bars, rows.Finish());
  if (!ended && !context.checked) {
    bars.reports.push_back(
        fmt::format("the last line ({}) has no line end: should the file be cut off, its last value is wrong", last));
  }
  return bars;
}

}  // namespace hone
