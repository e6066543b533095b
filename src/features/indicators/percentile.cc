// Order statistics of a window; O(period) per bar, from the window alone.
#include <algorithm>
#include <cmath>
#include <vector>

#include "features/indicators/definitions.h"
#include "features/window.h"

namespace hone {
namespace {

constexpr IndicatorParameter kPercentileParameters[] = {{.name = "period", .low = 2},
                                                        {.name = "percentile", .low = 0, .high = 100, .whole = false}};

class Percentile {
 public:
  Percentile(int period, double percentile)
      : window_(period), sorted_(window_.size()), place_(Place(period, percentile)) {}
  double Push(double value) {
    if (window_.full()) sorted_.erase(std::lower_bound(sorted_.begin(), sorted_.end(), window_.oldest()));
    window_.Push(value);
    if (sorted_.size() == window_.size()) sorted_.clear();  // the zeros it was made with
    sorted_.insert(std::upper_bound(sorted_.begin(), sorted_.end(), value), value);
    return window_.full() ? sorted_[place_] : kNone;
  }
  int warmup() const { return static_cast<int>(window_.size()); }

 private:
  static std::size_t Place(int period, double percentile) {
    return static_cast<std::size_t>(std::max(std::ceil(percentile / 100 * period) - 1, 0.0));
  }

  Window window_;
  std::vector<double> sorted_;  // the window's values
  std::size_t place_;
};

class Percentrank {
 public:
  explicit Percentrank(int period) : window_(period) {}
  double Push(double value) {
    double below = kNone;
    if (window_.full()) {
      below = static_cast<double>(std::count_if(window_.values().begin(), window_.values().end(),
                                                [value](double each) { return each < value; }));
    }
    window_.Push(value);
    return 100 * (below / static_cast<double>(window_.size()));
  }
  int warmup() const { return static_cast<int>(window_.size()) + 1; }

 private:
  Window window_;
};

}  // namespace

constexpr IndicatorDefinition kPercentile{
    .name = "percentile",
    .description = "the nearest-rank percentile of the last `period` values; O(period) per bar",
    .source = "TA-Lib PERCENTILE",
    .inputs = kSeries,
    .parameters = kPercentileParameters,
    .outputs = kValue,
    .make = Make<OneSeries<Percentile>, int, double>};

constexpr IndicatorDefinition kPercentrank{
    .name = "percentrank",
    .description = "percent of the `period` values before that are below this one; O(period) per bar",
    .source = "TA-Lib PERCENTRANK",
    .inputs = kSeries,
    .parameters = kPeriodFrom2,
    .outputs = kValue,
    .make = Make<OneSeries<Percentrank>, int>};

}  // namespace hone
