// Wilder (1978), "New Concepts in Technical Trading Systems": the range of a bar with the close before it.
#pragma once

#include <algorithm>
#include <cmath>

#include "features/indicators/define.h"

namespace hone {

class TrueRange {
 public:
  // NaN for the first bar, which has no close before it.
  double Push(double high, double low, double close) {
    const double last = last_close_;
    last_close_ = close;
    if (std::isnan(last)) return kNone;
    return std::max({high - low, std::abs(last - high), std::abs(last - low)});
  }

 private:
  double last_close_ = kNone;
};

}  // namespace hone
