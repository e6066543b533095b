#include "market/csv_bars.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

#include "market/bar_check.h"
#include "market/csv_layout.h"
#include "market/csv_line.h"
#include "market/timestamp.h"

namespace hone {
namespace {

using Fields = std::vector<std::string_view>;

constexpr double kLeanScale = 10000;
constexpr std::array<std::string_view, 6> kMissing{"", ".", "null", "NA", "N/A", "n/a"};

bool IsMissing(std::string_view field) { return std::find(kMissing.begin(), kMissing.end(), field) != kMissing.end(); }

// Rows of one kind that a report counts, with the first of them.
struct Tally {
  std::size_t count = 0;
  int first_line = 0;
  void Add(int line) {
    if (count++ == 0) first_line = line;
  }
  void Report(std::string_view what, std::vector<std::string>& reports) const {
    if (count > 0) reports.push_back(fmt::format("{}: {}, first in line {}", what, count, first_line));
  }
};

class RowParser {
 public:
  RowParser(CsvLayout layout, const CsvContext& context, const LoadOptions& options)
      : layout_(std::move(layout)), context_(context), options_(options), midnight_(context.midnight) {}

  Status Row(std::string_view line, int number, bool ended);
  Result<RawBars> Finish();

 private:
  enum class Values { kAll, kNone, kSome };

  Error Refuse(int column, std::string message) const {
    const std::string key = column >= 0 ? layout_.names[static_cast<std::size_t>(column)] : "";
    return {ErrorCode::kInvalidData, std::move(message), context_.source, line_, key};
  }
  std::string_view Field(int column) const { return fields_[static_cast<std::size_t>(column)]; }

  Status CheckWidth(bool ended) const;
  Result<Time> ReadTime() const;
  Result<double> ReadNumber(int column) const;
  Values Presence(const std::array<int, 4>& columns) const;
  Result<std::array<double, 4>> ReadPrices(const std::array<int, 4>& columns) const;
  // Nothing for a row to skip.
  Result<std::optional<std::array<double, 4>>> ReadMidPrices();
  Status Adjust(std::array<double, 4>& prices) const;
  Status ReadVolume(Bar& bar);
  Status CheckVolumeThroughout() const;
  void Scale();
  Status CheckAll();
  int ColumnOf(const std::string& key) const;
  void Report();

  CsvLayout layout_;
  const CsvContext& context_;
  const LoadOptions& options_;
  std::optional<Time> midnight_;
  Fields fields_;
  int line_ = 0;
  RawBars out_;
  bool whole_prices_ = true;
  bool cut_ = false;
  Tally skipped_, one_sided_, no_volume_;
};

Status RowParser::CheckWidth(bool ended) const {
  if (fields_.size() == layout_.fields) return OkStatus();
  const bool short_end = !ended && fields_.size() < layout_.fields;
  return Refuse(-1, fmt::format("{} fields, expected {}{}", fields_.size(), layout_.fields,
                                short_end ? ": the last line is cut off" : ""));
}

Result<Time> RowParser::ReadTime() const {
  const std::string_view text = Field(layout_.time);
  if (midnight_ && !layout_.has_header) {
    std::int64_t milliseconds = 0;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), milliseconds);
    const bool whole = code == std::errc() && end == text.data() + text.size();
    if (whole && milliseconds >= 0 && milliseconds < kDay / kMillisecond) {
      return *midnight_ + milliseconds * kMillisecond;
    }
  }
  const auto date = ParseBarTime(text);
  if (!date) {
    return Refuse(layout_.time, fmt::format("'{}' is no time; expected an epoch, 2008-09-15, 9/15/2008 or 20080915, "
                                            "with or without a time of day, years 1800 to 2200",
                                            Shown(text)));
  }
  if (layout_.time_of_day == kNoColumn) return *date;
  const auto clock = ParseTimeOfDay(Field(layout_.time_of_day));
  if (!clock) {
    return Refuse(layout_.time_of_day,
                  fmt::format("'{}' is no time of day; expected 09:30 or 09:30:00", Shown(Field(layout_.time_of_day))));
  }
  return *date + *clock;
}

Result<double> RowParser::ReadNumber(int column) const {
  const std::string_view text = Field(column);
  if (const auto value = ParseNumber(text)) return *value;
  if (IsMissing(text)) return Refuse(column, "the value is missing");
  return Refuse(column, fmt::format("'{}' is no number", Shown(text)));
}

RowParser::Values RowParser::Presence(const std::array<int, 4>& columns) const {
  std::size_t there = 0, wanted = 0;
  for (const int column : columns) {
    if (column == kNoColumn) continue;
    ++wanted;
    there += IsMissing(Field(column)) ? 0 : 1;
  }
  if (there == wanted) return Values::kAll;
  return there == 0 ? Values::kNone : Values::kSome;
}

Result<std::array<double, 4>> RowParser::ReadPrices(const std::array<int, 4>& columns) const {
  std::array<double, 4> prices{};
  for (std::size_t i = 0; i < 4; ++i) {
    const int column = columns[i];
    if (column == kNoColumn) continue;
    HONE_ASSIGN_OR_RETURN(prices[i], ReadNumber(column));
    // Checked here as well, so that a scale or an average does not change what the message shows.
    if (!(prices[i] > 0) || !std::isfinite(prices[i])) {
      return Refuse(column, fmt::format("must be a finite price above 0, is {}", prices[i]));
    }
  }
  if (layout_.kind == CsvLayout::Prices::kCloseOnly) prices.fill(prices[3]);
  return prices;
}

Result<std::optional<std::array<double, 4>>> RowParser::ReadMidPrices() {
  using Optional = std::optional<std::array<double, 4>>;
  const Values bid = Presence(layout_.prices);
  const bool quotes = layout_.kind == CsvLayout::Prices::kQuotes;
  const Values ask = quotes ? Presence(layout_.ask_prices) : bid;
  if (bid == Values::kNone && ask == Values::kNone) {
    skipped_.Add(line_);
    return Optional();
  }
  if (quotes && (bid == Values::kNone || ask == Values::kNone)) {
    one_sided_.Add(line_);
    return Optional();
  }
  HONE_ASSIGN_OR_RETURN(auto prices, ReadPrices(layout_.prices));
  if (quotes) {
    HONE_ASSIGN_OR_RETURN(const auto asked, ReadPrices(layout_.ask_prices));
    if (prices[1] < prices[2]) return Refuse(layout_.prices[1], "the bid's high is below its low");
    if (asked[1] < asked[2]) return Refuse(layout_.ask_prices[1], "the ask's high is below its low");
    for (std::size_t i = 0; i < 4; ++i) prices[i] = prices[i] / 2 + asked[i] / 2;
  }
  return Optional(prices);
}

Status RowParser::Adjust(std::array<double, 4>& prices) const {
  if (layout_.adjusted_close == kNoColumn) return OkStatus();
  HONE_ASSIGN_OR_RETURN(const double adjusted, ReadNumber(layout_.adjusted_close));
  if (!(adjusted > 0) || !std::isfinite(adjusted)) {
    return Refuse(layout_.adjusted_close, fmt::format("must be a finite price above 0, is {}", adjusted));
  }
  const double factor = adjusted / prices[3];
  for (double& price : prices) price *= factor;
  prices[3] = adjusted;
  if (layout_.kind == CsvLayout::Prices::kCloseOnly) prices.fill(adjusted);
  return OkStatus();
}

Status RowParser::ReadVolume(Bar& bar) {
  if (layout_.volume == kNoColumn) return OkStatus();
  if (IsMissing(Field(layout_.volume))) {
    no_volume_.Add(line_);
    return OkStatus();
  }
  HONE_ASSIGN_OR_RETURN(bar.volume, ReadNumber(layout_.volume));
  return OkStatus();
}

Status RowParser::Row(std::string_view line, int number, bool ended) {
  line_ = number;
  SplitFields(line, layout_.delimiter, fields_);
  HONE_RETURN_IF_ERROR(CheckWidth(ended));
  cut_ = !ended;
  Bar bar;
  HONE_ASSIGN_OR_RETURN(bar.open_time, ReadTime());
  HONE_ASSIGN_OR_RETURN(auto prices, ReadMidPrices());
  if (!prices) return OkStatus();
  // Twice: the mid of two integers may end in a half.
  for (const double price : *prices) whole_prices_ = whole_prices_ && 2 * price == std::floor(2 * price);
  HONE_RETURN_IF_ERROR(Adjust(*prices));
  bar.open = (*prices)[0];
  bar.high = (*prices)[1];
  bar.low = (*prices)[2];
  bar.close = (*prices)[3];
  HONE_RETURN_IF_ERROR(ReadVolume(bar));
  if (out_.bars.size() >= kMostBars) return Refuse(-1, fmt::format("more than {} bars", kMostBars));
  out_.bars.push_back(bar);
  out_.lines.push_back(number);
  return OkStatus();
}

Status RowParser::CheckVolumeThroughout() const {
  if (no_volume_.count == 0 || no_volume_.count == out_.bars.size()) return OkStatus();
  Error error = Refuse(layout_.volume, "the value is missing here, but not in other rows");
  error.line = no_volume_.first_line;
  return error;
}

void RowParser::Scale() {
  const bool integers = context_.lean && !layout_.has_header && whole_prices_ && options_.price_scale == 0;
  if (integers) {
    for (Bar& bar : out_.bars) {
      for (double* price : {&bar.open, &bar.high, &bar.low, &bar.close}) *price /= kLeanScale;
    }
    out_.reports.push_back("integer prices read as 1/10000 (LEAN's form of equities)");
  } else if (options_.price_scale != 0) {
    for (Bar& bar : out_.bars) {
      for (double* price : {&bar.open, &bar.high, &bar.low, &bar.close}) *price *= options_.price_scale;
    }
  }
}

int RowParser::ColumnOf(const std::string& key) const {
  if (key == "volume") return layout_.volume;
  if (key == "open") return layout_.prices[0];
  if (key == "high") return layout_.prices[1];
  if (key == "low") return layout_.prices[2];
  return layout_.prices[3];
}

Status RowParser::CheckAll() {
  for (std::size_t i = 0; i < out_.bars.size(); ++i) {
    Bar bar = out_.bars[i];
    bar.known_at = bar.open_time + 1;
    const Status status = CheckBar(bar);
    if (status.ok()) continue;
    const int column = layout_.kind == CsvLayout::Prices::kCloseOnly && status.error().key != "volume"
                           ? layout_.prices[3]
                           : ColumnOf(status.error().key);
    line_ = out_.lines[i];
    return Refuse(column, status.error().message);
  }
  return OkStatus();
}

void RowParser::Report() {
  out_.reports.insert(out_.reports.begin(), layout_.reports.begin(), layout_.reports.end());
  skipped_.Report("rows without a value skipped", out_.reports);
  one_sided_.Report("rows quoted on one side only skipped", out_.reports);
  if (layout_.kind == CsvLayout::Prices::kQuotes) out_.reports.push_back("quotes: mid of bid and ask, no volume");
  if (layout_.kind == CsvLayout::Prices::kCloseOnly) out_.reports.push_back("close only: no high and low");
  if (cut_ && !context_.checked) {
    out_.reports.push_back(
        fmt::format("the last line ({}) has no line end: should the file be cut off, its last value "
                    "is wrong",
                    line_));
  }
}

Result<RawBars> RowParser::Finish() {
  if (out_.bars.empty()) {
    return Error{ErrorCode::kInvalidData, "the file holds no bars", context_.source, 0, ""};
  }
  const int last_line = line_;
  HONE_RETURN_IF_ERROR(CheckVolumeThroughout());
  Scale();
  HONE_RETURN_IF_ERROR(CheckAll());
  line_ = last_line;
  out_.has_range = layout_.kind != CsvLayout::Prices::kCloseOnly;
  out_.has_volume = std::any_of(out_.bars.begin(), out_.bars.end(), [](const Bar& bar) { return bar.volume > 0; });
  out_.time_column = layout_.names[static_cast<std::size_t>(layout_.time)];
  if (!out_.has_volume && layout_.volume != kNoColumn)
    out_.reports.push_back("volume is 0 or missing throughout: none");
  Report();
  return std::move(out_);
}

Status RefuseBinary(std::string_view text, const std::string& source) {
  const std::string_view start = text.substr(0, 4096);
  const auto odd = std::find_if(start.begin(), start.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\r' && c != '\t';
  });
  if (odd == start.end()) return OkStatus();
  return Error{ErrorCode::kInvalidData,
               fmt::format("not a text file: byte {:#04x} at {}; expected CSV, gzipped CSV or a zip of CSV",
                           static_cast<unsigned char>(*odd), odd - start.begin()),
               source, 0, ""};
}

}  // namespace

Result<RawBars> ParseCsvBars(std::string_view text, const CsvContext& context, const LoadOptions& options) {
  HONE_RETURN_IF_ERROR(RefuseBinary(text, context.source));
  HONE_ASSIGN_OR_RETURN(CsvLayout layout, DetectLayout(text, context.source, options));
  bool header = layout.has_header;
  RowParser parser(std::move(layout), context, options);
  LineReader lines(text);
  std::string_view line;
  while (lines.Next(line)) {
    if (line.find_first_not_of(" \t") == std::string_view::npos) continue;
    if (!std::exchange(header, false)) HONE_RETURN_IF_ERROR(parser.Row(line, lines.line(), lines.ended()));
  }
  return parser.Finish();
}

}  // namespace hone
