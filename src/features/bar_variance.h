// The variance of one bar, estimated from the bar itself.
//
// With highs and lows: Parkinson (1980, "The extreme value method for estimating the variance of the rate of return"):
// ln(high / low)^2 / (4 ln 2). For a close-only source: ln(close / last close)^2.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <span>

#include "features/feature.h"
#include "features/window.h"
#include "market/bar.h"

namespace hone {

// Closes alone, whatever else the source has.
inline constexpr SeriesTraits kCloses{.has_range = false, .has_volume = false};

// Means of variances are floored here before the logarithm.
inline constexpr double kVarianceFloor = 1e-10;

inline double ParkinsonVariance(const Bar& bar) {
  const double range = std::log(bar.high / bar.low);
  return range * range / (4 * std::numbers::ln2);
}

// ln(close / last close)^2; NaN for the first bar.
class SquaredReturn {
 public:
  double Update(const Bar& bar) {
    const double move = std::log(bar.close / last_close_);
    last_close_ = bar.close;
    return move * move;
  }

 private:
  double last_close_ = std::numeric_limits<double>::quiet_NaN();
};

// Parkinson's variance, or the squared return where the source has closes only (then NaN for the first bar).
class BarVariance {
 public:
  explicit BarVariance(SeriesTraits traits) : has_range_(traits.has_range) {}
  double Update(const Bar& bar) { return has_range_ ? ParkinsonVariance(bar) : squared_.Update(bar); }
  // Bars needed for the first value.
  int warmup() const { return has_range_ ? 1 : 2; }

 private:
  bool has_range_;
  SquaredReturn squared_;
};

// ln of the mean, floored.
inline double LogMeanVariance(std::span<const double> variances) {
  return std::log(std::max(Mean(variances), kVarianceFloor));
}

}  // namespace hone
