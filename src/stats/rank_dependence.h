// Mid-ranks, and the dependence that they show. A test of distributions is moved by the dependence of the ranks and by
// that of their distance from the middle: the second sees clusters of volatility, to which ranks themselves are blind.
#pragma once

#include <span>
#include <vector>

#include "stats/stationary_bootstrap.h"

namespace hone {

// Mid-ranks in (0, 1), in the order of `values`; ties share theirs.
std::vector<double> MidRanks(std::span<const double> values);

// |rank - 1/2| of each.
std::vector<double> FoldedRanks(std::vector<double> ranks);

// The larger autocorrelation time (stats/effective_sample_size.h) of ranks and folded ranks.
double RankAutocorrelationTime(std::span<const double> values);

// The block length for a bootstrap of a test of distributions: the longer one of ranks and folded ranks, and the larger
// inflation.
BlockLength RankBlockLength(std::span<const double> values);

}  // namespace hone
