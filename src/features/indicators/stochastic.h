// Where a value lies within the range of the last n bars (Lane 1984), percent: 100 at the top; 0 where there is no
// range.
#pragma once

#include "features/indicators/rolling_extreme.h"

namespace hone {

class Stochastic {
 public:
  explicit Stochastic(int period) : highest_(period), lowest_(period) {}
  // NaN before there are `period` bars.
  double Push(double high, double low, double close) {
    const double highest = highest_.Push(high), lowest = lowest_.Push(low);
    const double range = highest - lowest;
    return IsRounding(range, std::abs(highest) + std::abs(lowest)) ? 0 : 100 * ((close - lowest) / range);
  }
  int warmup() const { return highest_.warmup(); }

 private:
  RollingMax highest_;
  RollingMin lowest_;
};

}  // namespace hone
