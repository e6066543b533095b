#include "performance/performance_policy.h"

namespace hone {

void ReadPerformancePolicy(YamlMap map, PerformancePolicy& policy) {
  map.Read("window", policy.window, {.at_least = 1, .at_most = kLargestPerformanceWindow});
  map.Read("minimum_rows", policy.minimum_rows, {.at_least = 1, .at_most = 1e6});
  map.Read("level", policy.level, {.above = 0.5, .below = 1});
  map.Read("resamples", policy.resamples, {.at_least = 50, .at_most = 100'000});
  map.Read("maximum_loss_ratio", policy.maximum_loss_ratio, {.above = 1});
}

}  // namespace hone
