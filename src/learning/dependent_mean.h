// The mean of a number of each row, in time order, with an interval that allows for dependent rows.
#pragma once

#include <cstdint>
#include <span>

#include "base/random.h"
#include "stats/interval.h"

namespace hone {

// How rows in time order are judged.
struct DependentRows {
  int block_rows = 0;     // rows that stay together; 0: as BlockRowsOf says
  int resamples = 1'000;  // of the bootstrap, at least 1
  double level = 0.95;    // of intervals, (0, 1)
};

// Twice the autocorrelation time of `values`, at least twice the horizon, and at most a tenth of the rows: at least 1.
int BlockRowsOf(std::span<const double> values, int horizon);

struct DependentMean {
  double mean = 0;
  Interval interval;  // circular block bootstrap (stats/block_bootstrap.h), percentiles
};

// `values` finite, not empty; drawn in blocks of at least `block_rows`, longer where the values ask for it.
DependentMean MeanOfDependentRows(std::span<const double> values, int block_rows, const DependentRows& rows,
                                  Random& random);

}  // namespace hone
