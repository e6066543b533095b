// A range of values that a quantity is stated to lie in; unbounded ends are infinite.
#pragma once

#include <limits>

namespace hone {

struct Interval {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();

  double width() const { return high - low; }
  bool Contains(double value) const { return low <= value && value <= high; }
};

}  // namespace hone
