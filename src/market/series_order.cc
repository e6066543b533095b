#include "market/series_order.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace hone {
namespace {

constexpr Duration kLongestBar = 366 * kDay;
constexpr Duration kLongWeekend = 4 * kDay;
constexpr double kCloseRounding = 1e-9;

bool SameValues(const Bar& a, const Bar& b) {
  return a.open == b.open && a.high == b.high && a.low == b.low && a.close == b.close && a.volume == b.volume;
}

class Ordering {
 public:
  Ordering(RawBars raw, const std::string& source) : raw_(std::move(raw)), source_(source) {}

  Status Run() {
    ReverseIfNewestFirst();
    HONE_RETURN_IF_ERROR(CheckOrder());
    DropDuplicates();
    return OkStatus();
  }
  RawBars TakeRaw() { return std::move(raw_); }

 private:
  void ReverseIfNewestFirst() {
    if (raw_.bars.front().open_time <= raw_.bars.back().open_time) return;
    std::reverse(raw_.bars.begin(), raw_.bars.end());
    std::reverse(raw_.lines.begin(), raw_.lines.end());
    reversed_ = true;
    raw_.reports.push_back("newest first: order reversed");
  }

  Status CheckOrder() const {
    for (std::size_t i = 1; i < raw_.bars.size(); ++i) {
      const Bar &before = raw_.bars[i - 1], &bar = raw_.bars[i];
      if (bar.open_time > before.open_time) continue;
      if (bar.open_time == before.open_time && SameValues(before, bar)) continue;
      return Disorder(i);
    }
    return OkStatus();
  }

  Error Disorder(std::size_t i) const {
    const bool same = raw_.bars[i].open_time == raw_.bars[i - 1].open_time;
    std::size_t here = i, other = i - 1;
    if (reversed_) std::swap(here, other);
    std::string message =
        same ? fmt::format("a second, different bar of {} (the other is in {} {})",
                           FormatTime(raw_.bars[here].open_time), raw_.unit, raw_.lines[other])
             : fmt::format("{} follows {} in {} {}: bars must be oldest first, or exactly newest first",
                           FormatTime(raw_.bars[here].open_time), FormatTime(raw_.bars[other].open_time), raw_.unit,
                           raw_.lines[other]);
    return RefuseAt(source_, raw_.unit, raw_.lines[here], raw_.time_column, std::move(message));
  }

  void DropDuplicates() {
    std::size_t kept = 0, dropped = 0;
    int first_line = 0;
    for (std::size_t i = 0; i < raw_.bars.size(); ++i) {
      if (i > 0 && raw_.bars[i].open_time == raw_.bars[kept - 1].open_time) {
        if (dropped++ == 0) first_line = raw_.lines[i];
        continue;
      }
      raw_.bars[kept] = raw_.bars[i];
      raw_.lines[kept++] = raw_.lines[i];
    }
    raw_.bars.resize(kept);
    raw_.lines.resize(kept);
    if (dropped > 0) {
      raw_.reports.push_back(
          fmt::format("identical duplicate bars dropped: {}, first in {} {}", dropped, raw_.unit, first_line));
    }
  }

  RawBars raw_;
  const std::string& source_;
  bool reversed_ = false;
};

// Times reach from 1800 to 2200, further than a Duration does.
Duration Step(const Bar& before, const Bar& bar) {
  Duration step = 0;
  return __builtin_sub_overflow(bar.open_time, before.open_time, &step) ? INT64_MAX : step;
}

Duration MedianStep(const std::vector<Bar>& bars) {
  if (bars.size() < 2) return kDay;
  std::vector<Duration> steps;
  steps.reserve(bars.size() - 1);
  for (std::size_t i = 1; i < bars.size(); ++i) steps.push_back(Step(bars[i - 1], bars[i]));
  const auto middle = steps.begin() + static_cast<std::ptrdiff_t>((steps.size() - 1) / 2);
  std::nth_element(steps.begin(), middle, steps.end());
  return *middle;
}

std::string FormatDuration(Duration duration) {
  if (duration % kDay == 0) return fmt::format("{} days", duration / kDay);
  if (duration % (3600 * kSecond) == 0) return fmt::format("{} hours", duration / (3600 * kSecond));
  if (duration % (60 * kSecond) == 0) return fmt::format("{} minutes", duration / (60 * kSecond));
  return fmt::format("{} seconds", static_cast<double>(duration) / static_cast<double>(kSecond));
}

void ReportGaps(BarSeries& series) {
  const bool daily = series.bar_size == kDay;
  const Duration allowed = daily ? kLongWeekend : series.bar_size + series.bar_size / 2;
  std::size_t count = 0, longest = 0;
  Duration most = allowed;
  for (std::size_t i = 1; i < series.bars.size(); ++i) {
    const Duration step = Step(series.bars[i - 1], series.bars[i]);
    if (step <= allowed) continue;
    ++count;
    if (step > most) {
      most = step;
      longest = i;
    }
  }
  if (count == 0) return;
  series.reports.push_back(fmt::format("{} of more than {}, the longest {} from {} to {}",
                                       count == 1 ? "1 gap" : fmt::format("{} gaps", count), FormatDuration(allowed),
                                       FormatDuration(most), FormatTime(series.bars[longest - 1].open_time),
                                       FormatTime(series.bars[longest].open_time)));
}

void ReportOutside(BarSeries& series, double Bar::*price, const char* name) {
  std::size_t count = 0;
  Time first = 0;
  for (const Bar& bar : series.bars) {
    const bool outside = bar.*price > bar.high * (1 + kCloseRounding) || bar.*price < bar.low * (1 - kCloseRounding);
    if (outside && count++ == 0) first = bar.open_time;
  }
  if (count == 0) return;
  series.reports.push_back(
      fmt::format("{} outside [low, high] in bars: {}, the first at {}", name, count, FormatTime(first)));
}

}  // namespace

Result<BarSeries> OrderBars(RawBars raw, const std::string& source) {
  Ordering ordering(std::move(raw), source);
  HONE_RETURN_IF_ERROR(ordering.Run());
  raw = ordering.TakeRaw();
  BarSeries series;
  series.bars = std::move(raw.bars);
  series.reports = std::move(raw.reports);
  series.has_range = raw.has_range;
  series.has_volume = raw.has_volume;
  series.source = source;
  series.bar_size = MedianStep(series.bars);
  if (series.bar_size > kLongestBar) {
    return Error{ErrorCode::kInvalidData,
                 fmt::format("the median step between bars is {}, more than a year", FormatDuration(series.bar_size)),
                 source, 0, raw.time_column};
  }
  for (Bar& bar : series.bars) bar.known_at = bar.open_time + series.bar_size;
  ReportGaps(series);
  ReportOutside(series, &Bar::open, "open");
  ReportOutside(series, &Bar::close, "close");
  return series;
}

}  // namespace hone
