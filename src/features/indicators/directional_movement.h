// Directional movement and true range summed Wilder's way (1978): of two opposite moves only the greater counts.
#pragma once

#include <cmath>

#include "features/indicators/true_range.h"

namespace hone {

// sum += value - sum / period, started at the plain sum of period - 1 values, as TA-Lib does. A period of 1 does not
// smooth.
class WilderSum {
 public:
  explicit WilderSum(int period) : period_(period), share_(1.0 / period) {}
  void Push(double value) {
    const bool starts = seen_ < period_ - 1;
    if (starts) ++seen_;
    sum_ = starts ? sum_ + value : sum_ - sum_ * share_ + value;
  }
  double value() const { return sum_; }

 private:
  int period_, seen_ = 0;
  double share_, sum_ = 0;
};

class DirectionalMovement {
 public:
  explicit DirectionalMovement(int period) : plus_(period), minus_(period), range_(period), period_(period) {}
  // Takes a bar; a stream without closes gives one of them, and `range` then means nothing.
  void Push(double high, double low, double close) {
    const double range = true_range_.Push(high, low, close);
    const double up = high - last_high_, down = last_low_ - low;
    last_high_ = high;
    last_low_ = low;
    if (bars_ <= period_) ++bars_;
    if (std::isnan(range)) return;
    plus_.Push(up > 0 && up > down ? up : 0);
    minus_.Push(down > 0 && up < down ? down : 0);
    range_.Push(range);
  }
  // Bars taken, no more counted than period + 1.
  int bars() const { return bars_; }
  double plus() const { return plus_.value(); }
  double minus() const { return minus_.value(); }
  double range() const { return range_.value(); }

 private:
  TrueRange true_range_;
  WilderSum plus_, minus_, range_;
  double last_high_ = kNone, last_low_ = kNone;
  int period_, bars_ = 0;
};

}  // namespace hone
