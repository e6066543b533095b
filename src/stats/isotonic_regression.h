// Isotonic regression: the non-decreasing step values nearest to y in squared error, by pooling adjacent violators
// (Ayer, Brunk, Ewing, Reid and Silverman 1955). As a calibration of scores: Zadrozny and Elkan (2002).
#pragma once

#include <span>
#include <vector>

namespace hone {

class IsotonicRegression {
 public:
  // `x` and `y` finite, of one length >= 1, in any order; rows of equal x count as one, of their mean y. O(n log n).
  IsotonicRegression(std::span<const double> x, std::span<const double> y);

  // Linear between the fitted values, constant beyond the first and the last. O(log n), thread-safe.
  double At(double x) const;

 private:
  std::vector<double> x_, fitted_;  // by ascending, different x
};

}  // namespace hone
