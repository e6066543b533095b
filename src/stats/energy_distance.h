// The energy distance of two samples (Szekely and Rizzo 2004) in one dimension.
#pragma once

#include "stats/pooled_counts.h"

namespace hone {

// sqrt(2 integral (F_a - F_b)^2), in the unit sqrt(value): sqrt(2 E|X-Y| - E|X-X'| - E|Y-Y'|). As SciPy's
// energy_distance. Both samples have rows, values finite. O(number of values).
double EnergyDistance(const PooledCounts& counts);

}  // namespace hone
