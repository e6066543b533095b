// Intervals for means of dependent rows: circular block bootstrap (Politis and Romano 1992), percentile method.
//
// Rows are resampled in blocks of consecutive rows (the series joined end to start, so that every row is as likely),
// which keeps the dependence within a block. A block should span several times the length over which rows depend on
// each other (twice the window of IntegratedAutocorrelationTime, say).
//
// Cost: O(n + resamples * n / block). 5,000 rows, 500 resamples, blocks of 22: about a millisecond.
// All are pure but for the draws taken from `random`. Without values the interval is unbounded.
#pragma once

#include <span>

#include "base/random.h"
#include "stats/interval.h"

namespace hone {

// The interval of coverage `level` (0, 1) for the mean of `values`. `block` is taken into [1, n], `resamples` >= 1.
Interval BlockBootstrapMean(std::span<const double> values, int block, int resamples, double level, Random& random);

// For the root of the mean of `squared_errors` (each >= 0).
Interval BlockBootstrapRmse(std::span<const double> squared_errors, int block, int resamples, double level,
                            Random& random);

// For RMSE(first) - RMSE(second) on the same rows (both spans of one length): blocks are drawn for both at once.
Interval BlockBootstrapRmseDifference(std::span<const double> first_squared_errors,
                                      std::span<const double> second_squared_errors, int block, int resamples,
                                      double level, Random& random);

}  // namespace hone
