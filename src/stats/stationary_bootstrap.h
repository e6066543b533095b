// The stationary bootstrap of dependent rows (Politis and Romano 1994): a resample is made of runs of consecutive rows
// that begin anywhere and have geometric lengths, the series joined end to start. Its mean length is chosen from the
// data (Politis and White 2004, corrected by Patton, Politis and White 2009).
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

#include "base/random.h"

namespace hone {

struct BlockLength {
  double stationary = 1;  // mean length for the stationary bootstrap, as arch's optimal_block_length
  // Runs that end cut dependence, so that resamples vary less than the series does. The variance of their means, times
  // this, is that of the series' mean up to smaller terms: 1 / (1 - G / (b g)) with G = sum |k| R(k), g = sum R(k)
  // (flat top window), in [1, 2].
  double inflation = 1;
};

// `values` finite, in time order. 1 and 1 for fewer than 8 values or no variance. O(n sqrt(n)).
BlockLength OptimalBlockLength(std::span<const double> values);

// What serves both: the longer length and the larger inflation.
BlockLength LongerBlock(const BlockLength& a, const BlockLength& b);

// Calls add(begin, end), rows begin .. end - 1 of a series of `rows` >= 1, for the runs of one resample of `wanted`
// rows.
template <typename AddRun>
void DrawStationaryRuns(std::size_t rows, std::size_t wanted, double mean_length, Random& random, AddRun add) {
  const double scale = mean_length > 1 ? 1 / std::log1p(-1 / mean_length) : 0;
  while (wanted > 0) {
    std::size_t length = 1;
    if (scale < 0) {
      const double drawn = 1 + std::floor(std::log1p(-random.Uniform()) * scale);
      length = drawn < static_cast<double>(wanted) ? static_cast<std::size_t>(drawn) : wanted;
    }
    wanted -= length;
    for (std::size_t begin = random.Below(rows); length > 0; begin = 0) {
      const std::size_t end = std::min(rows, begin + length);
      add(begin, end);
      length -= end - begin;
    }
  }
}

// p of an observed value among `draws` made under "nothing changed" (>= 10, sorted in place): (1 + draws that reach it)
// / (1 + draws); beyond their 90 % quantile u, where few or none are left, 0.1 exp(-(observed - u) / mean excess over
// u), the tail of Pickands (1975) with shape 0, as the squares of asymptotically normal quantities have it.
double ExponentialTailPValue(double observed, std::vector<double>& draws);

}  // namespace hone
