// Two samples side by side: how many rows of each stand at each of their distinct values. Statistics of empirical
// distribution functions are taken from this form, which a resample of the rows fills without sorting anything.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/random.h"

namespace hone {

struct PooledCounts {
  std::vector<double> values;         // ascending, distinct; each in at least one sample, or neither has a row there
  std::vector<double> first, second;  // rows at each value, one length with `values`
  double first_rows = 0, second_rows = 0;
};

// Of two ascending samples without NaN. O(n + m).
PooledCounts PoolSorted(std::span<const double> sorted_first, std::span<const double> sorted_second);

// Calls visit(lag, rows, gap) at each value in ascending order: F_first - F_second there, the rows of both samples
// there, and the distance to the next value (0 at the last). Both samples have rows.
template <typename Visit>
void VisitLags(const PooledCounts& counts, Visit visit) {
  double below_first = 0, below_second = 0;
  for (std::size_t i = 0; i < counts.values.size(); ++i) {
    below_first += counts.first[i];
    below_second += counts.second[i];
    const double lag = below_first / counts.first_rows - below_second / counts.second_rows;
    const double gap = i + 1 < counts.values.size() ? counts.values[i + 1] - counts.values[i] : 0;
    visit(lag, counts.first[i] + counts.second[i], gap);
  }
}

// Shares of both samples in the edges.size() + 1 bins (edge[i-1], edge[i]] of ascending edges. Both samples have rows.
struct PooledShares {
  std::vector<double> first, second;
};
void BinPooled(const PooledCounts& counts, std::span<const double> edges, PooledShares& shares);

// The place of each row of a series in ascending distinct values that hold it. O(n log n).
std::vector<std::uint32_t> PlacesIn(std::span<const double> values, std::span<const double> series);

// Rows at each of `values` places in a stationary bootstrap resample of `wanted` rows of a series given by its places;
// `counts` keeps its size.
void ResampleCounts(std::span<const std::uint32_t> places, std::size_t wanted, double mean_length, Random& random,
                    std::vector<double>& counts);

}  // namespace hone
