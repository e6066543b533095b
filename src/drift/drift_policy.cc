#include "drift/drift_policy.h"

namespace hone {
namespace {

constexpr const char* kIncreasing = "severity thresholds must increase from medium to high to critical";

void CheckIncreasing(YamlMap& map, const char* key, double medium, double high, double critical) {
  if (!(medium < high && high < critical)) map.Fail(key, kIncreasing);
}

void ReadSeverities(YamlMap& map, DriftPolicy& policy) {
  map.Read("medium_shift", policy.medium_shift, {.above = 0});
  map.Read("high_shift", policy.high_shift, {.above = 0});
  map.Read("critical_shift", policy.critical_shift, {.above = 0});
  CheckIncreasing(map, "high_shift", policy.medium_shift, policy.high_shift, policy.critical_shift);
  map.Read("medium_stability", policy.medium_stability, {.above = 0});
  map.Read("high_stability", policy.high_stability, {.above = 0});
  map.Read("critical_stability", policy.critical_stability, {.above = 0});
  CheckIncreasing(map, "high_stability", policy.medium_stability, policy.high_stability, policy.critical_stability);
  map.Read("medium_loss_ratio", policy.medium_loss_ratio, {.above = 1});
  map.Read("high_loss_ratio", policy.high_loss_ratio, {.above = 1});
  map.Read("critical_loss_ratio", policy.critical_loss_ratio, {.above = 1});
  CheckIncreasing(map, "high_loss_ratio", policy.medium_loss_ratio, policy.high_loss_ratio, policy.critical_loss_ratio);
}

}  // namespace

void ReadDriftPolicy(YamlMap map, DriftPolicy& policy) {
  map.Read("window", policy.window, {.at_least = 20, .at_most = 1e6});
  map.Read("every", policy.every, {.at_least = 1, .at_most = 1e6});
  map.Read("false_discovery_rate", policy.false_discovery_rate, {.above = 0, .at_most = 0.5});
  map.Read("material_statistic", policy.material_statistic, {.at_least = 0, .at_most = 1});
  map.Read("minimum_effective_reference_rows", policy.minimum_effective_reference_rows,
           {.at_least = 20, .at_most = 1e9});
  map.Read("minimum_effective_current_rows", policy.minimum_effective_current_rows, {.at_least = 5, .at_most = 1e9});
  map.Read("autoregression_order", policy.autoregression_order, {.at_least = 1, .at_most = 50});
  map.Read("bins", policy.bins, {.at_least = 2, .at_most = 100});
  map.Read("resamples", policy.resamples, {.at_least = 99, .at_most = 100000});
  map.Read("level", policy.level, {.above = 0.5, .below = 1});
  map.Read("categories", policy.categories, {.at_least = 2, .at_most = 1000});
  map.Read("explained_variance", policy.explained_variance, {.above = 0, .below = 1});
  map.Read("folds", policy.folds, {.at_least = 2, .at_most = 20});
  map.Read("loss_margin", policy.loss_margin, {.at_least = 0, .at_most = 10});
  map.Read("loss_alpha", policy.loss_alpha, {.above = 0, .at_most = 0.5});
  map.Read("loss_restart_rows", policy.loss_restart_rows, {.at_least = 20, .at_most = 1e6});
  ReadSeverities(map, policy);
}

}  // namespace hone
