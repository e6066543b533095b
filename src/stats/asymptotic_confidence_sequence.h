// A confidence sequence for the mean of independent rows, valid at all times at once in the limit (Waudby-Smith,
// Arbour, Sinha, Kennedy and Ramdas, arXiv 2103.06476, Theorem 2.2):
//
//   mean +- s sqrt( 2 (t r^2 + 1) / (t^2 r^2) * log( sqrt(t r^2 + 1) / alpha ) )
//
// with t rows, s their standard deviation and r chosen so that the interval is narrowest near a given number of rows.
#pragma once

#include <cstdint>

#include "stats/interval.h"
#include "stats/running_moments.h"

namespace hone {

// Fixed memory, O(1) per row. Not thread-safe. For dependent rows add means of blocks.
class AsymptoticConfidenceSequence {
 public:
  // alpha in (0, 1); `sharpest_at` >= 1: the number of rows at which the interval should be narrowest.
  AsymptoticConfidenceSequence(double alpha, double sharpest_at);

  void Add(double value) { moments_.Add(value); }
  const RunningMoments& moments() const { return moments_; }
  // Unbounded below two rows.
  Interval interval() const;

 private:
  double alpha_;
  double rho_squared_;
  RunningMoments moments_;
};

}  // namespace hone
