#include "performance/performance_policy.h"

namespace hone {
namespace {

// The limits keep the order of merit that their defaults have.
void ReadLimits(YamlMap parent, const char* key, MetricLimits& limits, const YamlRange& range) {
  YamlMap map = parent.Map(key);
  const bool lower = limits.lower_is_better();
  map.Read("target", limits.target, range);
  map.Read("warning", limits.warning, range);
  map.Read("critical", limits.critical, range);
  if (lower && !(limits.target <= limits.warning && limits.warning < limits.critical)) {
    parent.Fail(key, "needs target <= warning < critical");
  }
  if (!lower && !(limits.target >= limits.warning && limits.warning > limits.critical)) {
    parent.Fail(key, "needs target >= warning > critical");
  }
}

}  // namespace

void ReadPerformancePolicy(YamlMap map, PerformancePolicy& policy) {
  map.Read("window", policy.window, {.at_least = 1, .at_most = kLargestPerformanceWindow});
  map.Read("minimum_rows", policy.minimum_rows, {.at_least = 1, .at_most = 1e6});
  map.Read("level", policy.level, {.above = 0.5, .below = 1});
  map.Read("resamples", policy.resamples, {.at_least = 50, .at_most = 100'000});
  map.Read("maximum_loss_ratio", policy.maximum_loss_ratio, {.above = 1});
  const YamlRange share{.at_least = 0, .at_most = 1};
  ReadLimits(map, "win_rate", policy.win_rate, share);
  ReadLimits(map, "accuracy", policy.accuracy, share);
  ReadLimits(map, "sharpe", policy.sharpe, {.at_least = -100, .at_most = 100});
  ReadLimits(map, "max_drawdown", policy.max_drawdown, share);
}

}  // namespace hone
