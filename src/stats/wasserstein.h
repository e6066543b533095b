// Wasserstein distances between two empirical distributions, by coupling their quantiles.
#pragma once

#include <span>

#include "stats/pooled_counts.h"

namespace hone {

// Integral of |F_a - F_b|, the mean distance values must move. Both ascending, finite, not empty. O(n + m).
double Wasserstein1(std::span<const double> sorted_a, std::span<const double> sorted_b);

// The same of pooled samples, both with rows. O(number of values).
double Wasserstein1(const PooledCounts& counts);

// Root of the integral of (Q_a(u) - Q_b(u))^2 over u in (0, 1); same conditions.
double Wasserstein2(std::span<const double> sorted_a, std::span<const double> sorted_b);

}  // namespace hone
