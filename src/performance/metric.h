// Metrics of predictions whose outcomes are known, each with the range it is stated to lie in.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "base/time.h"
#include "stats/interval.h"

namespace hone {

// One prediction and what came of it. `baseline` is what a simple alternative would have answered, NaN for none.
struct ScoredRow {
  Time time = 0;
  double prediction = 0;
  double outcome = 0;
  double baseline = std::numeric_limits<double>::quiet_NaN();
};

struct Metric {
  std::string name;
  double value = std::numeric_limits<double>::quiet_NaN();
  Interval interval;          // of the terms' level
  std::string method;         // of the interval: block_bootstrap, stationary_bootstrap, wilson, delong, lo
  std::int64_t rows = 0;      // it was computed from
  double effective_rows = 0;  // independent rows those are worth; 0 where that is not part of the interval
};

// How intervals are made. Their draws depend on the seed and the metric's name only.
struct MetricTerms {
  int horizon = 1;        // rows until an outcome is known: blocks span two of them at least
  double level = 0.95;    // (0, 1)
  int resamples = 500;    // of a bootstrap
  int rows_a_year = 252;  // what Sharpe and Sortino are scaled to
  int bins = 10;          // of calibration
  std::uint64_t seed = 0;
};

}  // namespace hone
