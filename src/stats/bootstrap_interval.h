// Intervals for any statistic of dependent rows: the stationary bootstrap (stationary_bootstrap.h), percentile method.
// Where the statistic is a mean, block_bootstrap.h is faster.
#pragma once

#include <cstddef>
#include <functional>
#include <span>

#include "base/random.h"
#include "stats/interval.h"

namespace hone {

// A statistic of the rows at these indices (as many as there are rows, in the order of the resample).
using IndexedStatistic = std::function<double(std::span<const std::size_t> rows)>;

struct BootstrapResult {
  Interval interval;  // unbounded where no resample gave a number
  double mean = 0;    // of the resamples
};

// `level` in (0, 1); mean_length >= 1; resamples >= 1. Resamples whose statistic is NaN are left out. Pure but for the
// draws from `random`.
BootstrapResult BootstrapInterval(std::size_t rows, double mean_length, int resamples, double level, Random& random,
                                  const IndexedStatistic& statistic);

}  // namespace hone
