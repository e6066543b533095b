// Probability forecasts sorted into bins of about equally many rows: what calibration is read from.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace hone {

struct ProbabilityBin {
  std::size_t rows = 0;
  double mean_probability = 0;
  double event_rate = 0;
};

// At most `bins` >= 1 bins by ascending probability, the i-th ending at the i / bins part of the rows; equal
// probabilities are never parted, so there may be fewer. `outcomes` are 0 or 1. O(n log n).
std::vector<ProbabilityBin> EqualMassBins(std::span<const double> probabilities, std::span<const double> outcomes,
                                          int bins);

}  // namespace hone
