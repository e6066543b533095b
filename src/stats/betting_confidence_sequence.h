// A confidence sequence for the mean of rows in [0, 1], wins and losses among them, by betting: the hedged capital
// process of Waudby-Smith and Ramdas ("Estimating means of bounded random variables by betting", arXiv 2010.09686,
// section 4.4).
//
// For each candidate mean m two gamblers bet that the rows lie above and below it, K+ *= 1 + l (x - m), K- *= 1 - l (x
// - m), with l = sqrt(2 log(2 / alpha) / (s^2 t log(1 + t))), s^2 from earlier rows only, cut to 1/2 of what can be
// lost. The means for which max(K+, K-) / 2 stays below 1 / alpha remain. Valid at any stopping time for independent
// rows, without asymptotics.
#pragma once

#include <cstdint>
#include <vector>

#include "stats/interval.h"

namespace hone {

// O(grid) per row; memory fixed. Not thread-safe.
class BettingConfidenceSequence {
 public:
  // alpha in (0, 1); candidate means 0, 1/grid, ..., 1 with `grid` >= 2. The interval is widened to the next
  // candidates.
  explicit BettingConfidenceSequence(double alpha, int grid = 200);

  // A value outside [0, 1] is taken to the nearer end.
  void Add(double value);
  std::int64_t rows() const { return rows_; }
  // Mean of the rows; 0.5 without any.
  double mean() const;
  // The intersection of all intervals so far, within [0, 1].
  Interval interval() const { return interval_; }

 private:
  void Bet(double value, double stake);
  void Narrow();

  double alpha_;
  std::int64_t rows_ = 0;
  double sum_ = 0;
  double squares_ = 0.25;
  std::vector<double> above_, below_;  // log K+, log K- by candidate
  Interval interval_{0, 1};
};

}  // namespace hone
