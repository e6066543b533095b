#include "market/bar_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "market/bar_check.h"

namespace hone {
namespace {

constexpr double kLeanScale = 10000;

}  // namespace

Error RefuseAt(const std::string& source, std::string_view unit, int number, std::string key, std::string message) {
  const bool line = unit == "line";
  if (!line && number > 0) message = fmt::format("{} {}: {}", unit, number, message);
  return {ErrorCode::kInvalidData, std::move(message), source, line ? number : 0, std::move(key)};
}

void BarRows::Tally::Add(int number) {
  if (count++ == 0) first = number;
}

BarRows::BarRows(BarLayout layout, const std::string& source, std::string_view unit, bool lean,
                 const LoadOptions& options)
    : layout_(std::move(layout)), source_(source), lean_(lean), options_(options) {
  out_.unit = unit;
}

Error BarRows::Refuse(int column, std::string message) const {
  std::string key = column >= 0 ? layout_.names[static_cast<std::size_t>(column)] : "";
  return RefuseAt(source_, out_.unit, number_, std::move(key), std::move(message));
}

Result<Time> BarRows::ReadTime(const BarCells& cells) const {
  const auto date = cells.TimeOf(layout_.time);
  if (!date) {
    return Refuse(layout_.time, fmt::format("'{}' is no time; expected an epoch, 2008-09-15, 9/15/2008 or 20080915, "
                                            "with or without a time of day, years 1800 to 2200",
                                            cells.Show(layout_.time)));
  }
  if (layout_.time_of_day == kNoColumn) return *date;
  const auto clock = cells.TimeOfDay(layout_.time_of_day);
  if (!clock) {
    return Refuse(layout_.time_of_day,
                  fmt::format("'{}' is no time of day; expected 09:30 or 09:30:00", cells.Show(layout_.time_of_day)));
  }
  return *date + *clock;
}

Result<double> BarRows::ReadNumber(const BarCells& cells, int column) const {
  if (const auto value = cells.Number(column)) return *value;
  if (cells.IsMissing(column)) return Refuse(column, "the value is missing");
  return Refuse(column, fmt::format("'{}' is no number", cells.Show(column)));
}

BarRows::Values BarRows::Presence(const BarCells& cells, const std::array<int, 4>& columns) const {
  std::size_t there = 0, wanted = 0;
  for (const int column : columns) {
    if (column == kNoColumn) continue;
    ++wanted;
    there += cells.IsMissing(column) ? 0 : 1;
  }
  if (there == wanted) return Values::kAll;
  return there == 0 ? Values::kNone : Values::kSome;
}

Result<std::array<double, 4>> BarRows::ReadPrices(const BarCells& cells, const std::array<int, 4>& columns) const {
  std::array<double, 4> prices{};
  for (std::size_t i = 0; i < 4; ++i) {
    const int column = columns[i];
    if (column == kNoColumn) continue;
    HONE_ASSIGN_OR_RETURN(prices[i], ReadNumber(cells, column));
    // Checked here as well, so that a scale or an average does not change what the message shows.
    if (!(prices[i] > 0) || !std::isfinite(prices[i])) {
      return Refuse(column, fmt::format("must be a finite price above 0, is {}", prices[i]));
    }
  }
  if (layout_.kind == BarLayout::Prices::kCloseOnly) prices.fill(prices[3]);
  return prices;
}

Result<std::optional<std::array<double, 4>>> BarRows::ReadMidPrices(const BarCells& cells) {
  using Optional = std::optional<std::array<double, 4>>;
  const Values bid = Presence(cells, layout_.prices);
  const bool quotes = layout_.kind == BarLayout::Prices::kQuotes;
  const Values ask = quotes ? Presence(cells, layout_.ask_prices) : bid;
  if (bid == Values::kNone && ask == Values::kNone) {
    skipped_.Add(number_);
    return Optional();
  }
  if (quotes && (bid == Values::kNone || ask == Values::kNone)) {
    one_sided_.Add(number_);
    return Optional();
  }
  HONE_ASSIGN_OR_RETURN(auto prices, ReadPrices(cells, layout_.prices));
  if (quotes) {
    HONE_ASSIGN_OR_RETURN(const auto asked, ReadPrices(cells, layout_.ask_prices));
    if (prices[1] < prices[2]) return Refuse(layout_.prices[1], "the bid's high is below its low");
    if (asked[1] < asked[2]) return Refuse(layout_.ask_prices[1], "the ask's high is below its low");
    for (std::size_t i = 0; i < 4; ++i) prices[i] = prices[i] / 2 + asked[i] / 2;
  }
  return Optional(prices);
}

Status BarRows::Adjust(const BarCells& cells, std::array<double, 4>& prices) const {
  if (layout_.adjusted_close == kNoColumn) return OkStatus();
  HONE_ASSIGN_OR_RETURN(const double adjusted, ReadNumber(cells, layout_.adjusted_close));
  if (!(adjusted > 0) || !std::isfinite(adjusted)) {
    return Refuse(layout_.adjusted_close, fmt::format("must be a finite price above 0, is {}", adjusted));
  }
  const double factor = adjusted / prices[3];
  for (double& price : prices) price *= factor;
  prices[3] = adjusted;
  if (layout_.kind == BarLayout::Prices::kCloseOnly) prices.fill(adjusted);
  return OkStatus();
}

Status BarRows::ReadVolume(const BarCells& cells, Bar& bar) {
  if (layout_.volume == kNoColumn) return OkStatus();
  if (cells.IsMissing(layout_.volume)) {
    no_volume_.Add(number_);
    return OkStatus();
  }
  HONE_ASSIGN_OR_RETURN(bar.volume, ReadNumber(cells, layout_.volume));
  return OkStatus();
}

Status BarRows::Add(const BarCells& cells, int number) {
  number_ = number;
  Bar bar;
  HONE_ASSIGN_OR_RETURN(bar.open_time, ReadTime(cells));
  HONE_ASSIGN_OR_RETURN(auto prices, ReadMidPrices(cells));
  if (!prices) return OkStatus();
  // Twice: the mid of two integers may end in a half.
  for (const double price : *prices) whole_prices_ = whole_prices_ && 2 * price == std::floor(2 * price);
  HONE_RETURN_IF_ERROR(Adjust(cells, *prices));
  bar.open = (*prices)[0];
  bar.high = (*prices)[1];
  bar.low = (*prices)[2];
  bar.close = (*prices)[3];
  HONE_RETURN_IF_ERROR(ReadVolume(cells, bar));
  if (out_.bars.size() >= kMostBars) return Refuse(-1, fmt::format("more than {} bars", kMostBars));
  out_.bars.push_back(bar);
  out_.lines.push_back(number);
  return OkStatus();
}

Status BarRows::CheckVolumeThroughout() {
  if (no_volume_.count == 0 || no_volume_.count == out_.bars.size()) return OkStatus();
  number_ = no_volume_.first;
  return Refuse(layout_.volume, "the value is missing here, but not in other rows");
}

void BarRows::Scale() {
  const bool integers = lean_ && !layout_.has_header && whole_prices_ && options_.price_scale == 0;
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

int BarRows::ColumnOf(const std::string& key) const {
  if (key == "volume") return layout_.volume;
  if (key == "open") return layout_.prices[0];
  if (key == "high") return layout_.prices[1];
  if (key == "low") return layout_.prices[2];
  return layout_.prices[3];
}

Status BarRows::CheckAll() {
  for (std::size_t i = 0; i < out_.bars.size(); ++i) {
    Bar bar = out_.bars[i];
    bar.known_at = bar.open_time + 1;
    const Status status = CheckBar(bar);
    if (status.ok()) continue;
    const int column = layout_.kind == BarLayout::Prices::kCloseOnly && status.error().key != "volume"
                           ? layout_.prices[3]
                           : ColumnOf(status.error().key);
    number_ = out_.lines[i];
    return Refuse(column, status.error().message);
  }
  return OkStatus();
}

void BarRows::ReportTally(std::string_view what, const Tally& tally) {
  if (tally.count == 0) return;
  out_.reports.push_back(fmt::format("{}: {}, first in {} {}", what, tally.count, out_.unit, tally.first));
}

void BarRows::Report() {
  out_.reports.insert(out_.reports.begin(), layout_.reports.begin(), layout_.reports.end());
  ReportTally("rows without a value skipped", skipped_);
  ReportTally("rows quoted on one side only skipped", one_sided_);
  if (layout_.kind == BarLayout::Prices::kQuotes) out_.reports.push_back("quotes: mid of bid and ask, no volume");
  if (layout_.kind == BarLayout::Prices::kCloseOnly) out_.reports.push_back("close only: no high and low");
}

Result<RawBars> BarRows::Finish() {
  if (out_.bars.empty()) {
    return Error{ErrorCode::kInvalidData, "the file holds no bars", source_, 0, ""};
  }
  HONE_RETURN_IF_ERROR(CheckVolumeThroughout());
  Scale();
  HONE_RETURN_IF_ERROR(CheckAll());
  out_.has_range = layout_.kind != BarLayout::Prices::kCloseOnly;
  out_.has_volume = std::any_of(out_.bars.begin(), out_.bars.end(), [](const Bar& bar) { return bar.volume > 0; });
  out_.time_column = layout_.names[static_cast<std::size_t>(layout_.time)];
  if (!out_.has_volume && layout_.volume != kNoColumn)
    out_.reports.push_back("volume is 0 or missing throughout: none");
  Report();
  return std::move(out_);
}

}  // namespace hone
