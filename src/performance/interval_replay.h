// Replays a log of predictions through conformal intervals as they would have been given: before the outcome was known,
// from the outcomes that had matured by then.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "performance/metric.h"
#include "stats/conformal_intervals.h"

namespace hone {

// One for each row; before the first `window` outcomes are in, none is given and it is unbounded.
struct ReplayedInterval {
  Interval interval;
  bool given = false;
};

// Rows in time order, the outcome NaN where it is not known; row t's outcome is learned before row t + horizon (>= 1).
std::vector<ReplayedInterval> ReplayIntervals(std::span<const ScoredRow> rows, const ConformalTerms& terms,
                                              std::size_t horizon);

}  // namespace hone
