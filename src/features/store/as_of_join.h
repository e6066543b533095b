// Point-in-time joins: for each time the newest value of a feature that was known then. A row can never hold a value
// before it was known.
#pragma once

#include <span>
#include <vector>

#include "base/time.h"
#include "features/store/feature_values.h"

namespace hone {

struct AsOfOptions {
  Duration ttl = INT64_MAX;      // a value whose event is further back than this counts as missing, >= 0
  Time recorded_by = INT64_MAX;  // only what was written by then: the join as it was at that time
};

// `history` as FeatureValues::History gives it; `times` in any order. For each time t: of the values with known_at <= t
// and recorded_at <= recorded_by that of the latest event, its last version; NaN where there is none, where it is
// missing, or where t - event_time > ttl. O(n + m) where both are in order of time, else O(n log n + m log m).
std::vector<double> AsOfJoin(std::span<const FeatureValue> history, std::span<const Time> times,
                             const AsOfOptions& options);

}  // namespace hone
