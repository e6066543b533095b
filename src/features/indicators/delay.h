// The value of n bars ago.
#pragma once

#include <cmath>
#include <cstddef>
#include <vector>

#include "features/indicators/define.h"

namespace hone {

class Delay {
 public:
  // bars >= 1
  explicit Delay(int bars) : values_(static_cast<std::size_t>(bars), kNone) {}
  // Takes the next value and returns that of `bars` values ago, NaN while there is none. A NaN is passed over.
  double Push(double value) {
    if (std::isnan(value)) return kNone;
    const double old = values_[next_];
    values_[next_] = value;
    next_ = next_ + 1 == values_.size() ? 0 : next_ + 1;
    return old;
  }
  int warmup() const { return static_cast<int>(values_.size()) + 1; }

 private:
  std::vector<double> values_;
  std::size_t next_ = 0;
};

// The change from the value before; NaN for the first.
class Change {
 public:
  double Push(double value) {
    const double change = value - last_;
    last_ = value;
    return change;
  }

 private:
  double last_ = kNone;
};

}  // namespace hone
