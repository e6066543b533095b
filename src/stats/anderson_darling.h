// The k-sample Anderson-Darling statistic for two samples, with mid-ranks (Scholz and Stephens 1987, equation 7).
#pragma once

#include "stats/pooled_counts.h"

namespace hone {

// A^2: squared differences of the two distribution functions, weighted by 1 / (H (1 - H)) of the pooled one, so that
// tails count as much as the middle; 1 on average when nothing differs. 0 where the pooled sample has one value. Both
// samples have rows. O(number of values).
double AndersonDarlingStatistic(const PooledCounts& counts);

// (A^2 - 1) / sigma, sigma the exact deviation of A^2 for independent rows: the `statistic` of SciPy's anderson_ksamp.
// n + m >= 4.
double AndersonDarlingStandardized(const PooledCounts& counts);

}  // namespace hone
