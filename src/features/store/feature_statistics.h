// What the stored values of a feature look like.
#pragma once

#include <cstdint>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "features/store/bar_history.h"
#include "features/store/feature_values.h"
#include "stats/kll_sketch.h"
#include "stats/running_moments.h"

namespace hone {

// Over the newest version of each value.
struct FeatureStatistics {
  std::int64_t entities = 0;  // with values
  std::int64_t missing = 0;
  RunningMoments moments;                // of the values that are not missing
  KllSketch quantiles;                   // of the same; min and max are exact
  Time first_event = 0, last_event = 0;  // 0 without values
  Time last_recorded = 0;

  std::int64_t count() const { return moments.count() + missing; }
};

// Of one feature over `entities`. Infinite values do not occur: expressions make them missing.
Result<FeatureStatistics> StatisticsOf(FeatureValues& values, std::int64_t feature,
                                       const std::vector<FeatureEntity>& entities);

}  // namespace hone
