#include "performance/performance_policy.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

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

void ReadIntervals(YamlMap map, IntervalPolicy& intervals) {
  constexpr std::size_t kMostModels = 1'000;
  map.Read("models", intervals.models);
  if (intervals.models.size() > kMostModels) map.Fail("models", fmt::format("at most {} names", kMostModels));
  for (const std::string& model : intervals.models) {
    const bool plain = !model.empty() && model.size() <= 64 && std::ranges::all_of(model, [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    });
    if (!plain) return map.Fail("models", "names of models are 1 to 64 of a-z, 0-9, _ and -");
  }
  map.Read("coverage", intervals.coverage, {.at_least = 0.5, .at_most = 0.999});
  map.Read("window", intervals.window, {.at_least = 1, .at_most = 5'000});
  const double fewest = std::ceil(1 / (1 - intervals.coverage) - 1 - 1e-9);
  if (static_cast<double>(intervals.window) < fewest) {
    map.Fail("window", fmt::format("{} errors cannot show a coverage of {}: at least {} are needed", intervals.window,
                                   intervals.coverage, fewest));
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
  ReadIntervals(map.Map("intervals"), policy.intervals);
}

}  // namespace hone
