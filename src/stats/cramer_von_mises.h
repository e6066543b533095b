// The two-sample Cramer-von Mises statistic (Anderson 1962).
#pragma once

#include "stats/pooled_counts.h"

namespace hone {

// T = U / (nm(n+m)) - (4nm - 1) / (6(n+m)), U = n sum_i (r_i - i)^2 + m sum_j (s_j - j)^2 over the mid-ranks r, s of
// the ordered samples in the pooled one: nm / (n+m)^2 times the sum of (F_a - F_b)^2 over the pooled rows. As SciPy's
// cramervonmises_2samp. Both samples have rows. O(number of values).
double CramerVonMisesStatistic(const PooledCounts& counts);

// nm / (n+m)^2 times the sum of (F_a - F_b)^2 over the pooled rows: the same where no values are tied, and 0 for equal
// samples.
double CramerVonMisesDistance(const PooledCounts& counts);

}  // namespace hone
