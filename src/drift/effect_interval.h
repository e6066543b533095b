// How large a change is, with an interval: the Wasserstein shift and the population stability index of two stretches of
// one column, both freed of what sampling alone adds to them.
//
// Both windows are resampled by the stationary bootstrap (stats/stationary_bootstrap.h), and the basic interval is
// taken (Davison and Hinkley 1997, section 5.2): 2 x - x*, x the squared distance or the index less its mean without
// change, x* that of a resample less twice that mean, for a resample adds the same noise again. Ends below 0 are 0.
#pragma once

#include <span>

#include "base/random.h"
#include "drift/drift_policy.h"
#include "stats/interval.h"

namespace hone {

struct EffectIntervals {
  Interval shift;      // Wasserstein distance in interquartile ranges of the reference
  Interval stability;  // population stability index
};

// Rows in time order; those that are not finite are left out. Level and resamples are the policy's. Both unbounded
// where either window has fewer than two rows. O(resamples (n + m)).
EffectIntervals EstimateEffects(std::span<const double> reference, std::span<const double> current,
                                const DriftPolicy& policy, Random& random);

// The same of the innovations: residuals of the policy's autoregression fitted to the reference.
EffectIntervals EstimateInnovationEffects(std::span<const double> reference, std::span<const double> current,
                                          const DriftPolicy& policy, Random& random);

}  // namespace hone
