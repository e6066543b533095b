// The averages of TA-Lib 0.6 that others are made of.
#pragma once

#include <limits>

#include "features/window.h"

namespace hone {

// Starts as the mean of the first n values; then moves by 2 / (n + 1) of the difference. NaN before.
class ExponentialMean {
 public:
  explicit ExponentialMean(int n) : n_(n), share_(2.0 / (n + 1)) {}
  double Update(double value) {
    if (seen_ < n_) {
      sum_ += value;
      if (++seen_ < n_) return std::numeric_limits<double>::quiet_NaN();
      mean_ = sum_ / n_;
    } else {
      mean_ += (value - mean_) * share_;
    }
    return mean_;
  }

 private:
  int n_;
  double share_;
  int seen_ = 0;
  double sum_ = 0, mean_ = 0;
};

}  // namespace hone
