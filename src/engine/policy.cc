#include "engine/policy.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/yaml.h"

namespace hone {
namespace {

void ReadRetraining(YamlMap map, RetrainingPolicy& policy) {
  map.Read("initial_rows", policy.initial_rows, {.at_least = 120, .at_most = 1e7});
  map.Read("growth", policy.growth, {.above = 0, .at_most = 10});
  map.Read("schedule_rows", policy.schedule_rows, {.at_least = 0, .at_most = 1e7});
  map.Read("loss_ratio", policy.loss_ratio, {.at_least = 1, .at_most = 100});
  map.Read("drift_loss_ratio", policy.drift_loss_ratio, {.at_least = 1, .at_most = 100});
  map.Read("standing_loss_ratio", policy.standing_loss_ratio, {.at_least = 1, .at_most = 1000});
  map.Read("cooldown_rows", policy.cooldown_rows, {.at_least = 1, .at_most = 1e7});
  map.Read("budget", policy.budget, {.at_least = 1, .at_most = 1e6});
  map.Read("budget_rows", policy.budget_rows, {.at_least = 1, .at_most = 1e7});
  map.Read("twin_rows", policy.twin_rows, {.at_least = 20, .at_most = 1e6});
  map.Read("twin_ratio", policy.twin_ratio, {.above = 1, .at_most = 10});
}

std::string Shares(const std::vector<double>& shares) {
  std::string text;
  for (const double share : shares) text += fmt::format("{}{}", text.empty() ? "" : ", ", share);
  return "[" + text + "]";
}

void CheckGates(YamlMap& map, const RolloutPolicy& policy) {
  for (std::size_t i = 0; i < policy.gates.size(); ++i) {
    if (std::find(policy.steps.begin(), policy.steps.end(), policy.gates[i]) == policy.steps.end()) {
      return map.Fail("gates",
                      fmt::format("must be among the steps {}, has {}", Shares(policy.steps), policy.gates[i]));
    }
    if (i > 0 && policy.gates[i - 1] >= policy.gates[i]) return map.Fail("gates", "must increase");
  }
}

void ReadRollout(YamlMap map, RolloutPolicy& policy) {
  map.Read("alpha", policy.alpha, {.above = 0, .at_most = 0.5});
  map.Read("practice_margin", policy.practice_margin, {.at_least = 0, .at_most = 0.1});
  map.Read("refresh_margin", policy.refresh_margin, {.at_least = 0, .at_most = 0.1});
  map.Read("minimum_outcomes", policy.minimum_outcomes, {.at_least = 12, .at_most = 1e7});
  map.Read("steps", policy.steps, {.above = 0, .at_most = 1});
  for (std::size_t i = 0; i + 1 < policy.steps.size(); ++i) {
    if (policy.steps[i] >= policy.steps[i + 1]) map.Fail("steps", "must increase");
  }
  if (policy.steps.empty() || policy.steps.back() != 1 || policy.steps.size() > 20) {
    map.Fail("steps", "1 to 20 shares, the last of them 1");
  }
  map.Read("step_predictions", policy.step_predictions, {.at_least = 1, .at_most = 1e9});
  map.Read("step_minutes", policy.step_minutes, {.at_least = 0, .at_most = 525'600});
  map.Read("gates", policy.gates, {.above = 0, .at_most = 1});
  CheckGates(map, policy);
  map.Read("deadline_days", policy.deadline_days, {.at_least = 0, .at_most = 36500});
  map.Read("watch_rows", policy.watch_rows, {.at_least = 24, .at_most = 1e7});
  map.Read("freeze_rows", policy.freeze_rows, {.at_least = 0, .at_most = 1e7});
  map.Read("maximum_rollbacks", policy.maximum_rollbacks, {.at_least = 1, .at_most = 1000});
  map.Read("mismatch_alpha", policy.mismatch_alpha, {.above = 0, .at_most = 0.5});
  map.Read("error_margin", policy.error_margin, {.at_least = 0, .at_most = 0.5});
  map.Read("latency_budget_ms", policy.latency_budget_ms, {.above = 0, .at_most = 3.6e6});
  map.Read("latency_margin", policy.latency_margin, {.at_least = 0, .at_most = 0.5});
}

void ReadRetention(YamlMap map, RetentionPolicy& policy) {
  map.Read("prediction_months", policy.prediction_months, {.at_least = 1, .at_most = 480});
  map.Read("shadow_days", policy.shadow_days, {.at_least = 1, .at_most = 36500});
}

std::string WriteDrift(const DriftPolicy& drift) {
  std::string text = fmt::format(
      "drift:\n  window: {}\n  every: {}\n  false_discovery_rate: {}\n  material_statistic: {}\n"
      "  minimum_effective_reference_rows: {}\n  minimum_effective_current_rows: {}\n  autoregression_order: {}\n"
      "  bins: {}\n",
      drift.window, drift.every, drift.false_discovery_rate, drift.material_statistic,
      drift.minimum_effective_reference_rows, drift.minimum_effective_current_rows, drift.autoregression_order,
      drift.bins);
  text += fmt::format("  resamples: {}\n  level: {}\n  categories: {}\n  explained_variance: {}\n  folds: {}\n",
                      drift.resamples, drift.level, drift.categories, drift.explained_variance, drift.folds);
  text += fmt::format("  medium_shift: {}\n  high_shift: {}\n  critical_shift: {}\n", drift.medium_shift,
                      drift.high_shift, drift.critical_shift);
  text += fmt::format("  medium_stability: {}\n  high_stability: {}\n  critical_stability: {}\n",
                      drift.medium_stability, drift.high_stability, drift.critical_stability);
  text += fmt::format("  loss_margin: {}\n  loss_alpha: {}\n  loss_restart_rows: {}\n", drift.loss_margin,
                      drift.loss_alpha, drift.loss_restart_rows);
  text += fmt::format("  medium_loss_ratio: {}\n  high_loss_ratio: {}\n  critical_loss_ratio: {}\n",
                      drift.medium_loss_ratio, drift.high_loss_ratio, drift.critical_loss_ratio);
  return text;
}

std::string WriteLimits(const char* key, const MetricLimits& limits) {
  return fmt::format("  {}:\n    target: {}\n    warning: {}\n    critical: {}\n", key, limits.target, limits.warning,
                     limits.critical);
}

// Names in quotes: `null` may be one.
std::string WriteIntervals(const IntervalPolicy& intervals) {
  std::string models;
  for (const std::string& model : intervals.models) {
    models.append(models.empty() ? "'" : ", '").append(model).append("'");
  }
  return fmt::format("  intervals:\n    models: [{}]\n    coverage: {}\n    window: {}\n", models, intervals.coverage,
                     intervals.window);
}

}  // namespace

Result<Policy> ReadPolicy(std::string_view yaml, const std::string& source) {
  HONE_ASSIGN_OR_RETURN(const YamlDocument document, YamlDocument::Parse(yaml, source));
  YamlMap map = document.root();
  int version = 1;
  map.Read("version", version, {.at_least = 1, .at_most = 1});
  Policy policy;
  ReadRetraining(map.Map("retraining"), policy.retraining);
  ReadRollout(map.Map("rollout"), policy.rollout);
  ReadDriftPolicy(map.Map("drift"), policy.drift);
  ReadPerformancePolicy(map.Map("performance"), policy.performance);
  ReadRetention(map.Map("retention"), policy.retention);
  HONE_RETURN_IF_ERROR(document.Finish());
  return policy;
}

std::string WritePolicy(const Policy& policy) {
  const RetrainingPolicy& retraining = policy.retraining;
  const RolloutPolicy& rollout = policy.rollout;
  std::string text = "version: 1\n";
  text += fmt::format(
      "retraining:\n  initial_rows: {}\n  growth: {}\n  schedule_rows: {}\n  loss_ratio: {}\n  drift_loss_ratio: {}\n"
      "  standing_loss_ratio: {}\n  cooldown_rows: {}\n  budget: {}\n  budget_rows: {}\n  twin_rows: {}\n  twin_ratio: "
      "{}\n",
      retraining.initial_rows, retraining.growth, retraining.schedule_rows, retraining.loss_ratio,
      retraining.drift_loss_ratio, retraining.standing_loss_ratio, retraining.cooldown_rows, retraining.budget,
      retraining.budget_rows, retraining.twin_rows, retraining.twin_ratio);
  text += fmt::format(
      "rollout:\n  alpha: {}\n  practice_margin: {}\n  refresh_margin: {}\n  minimum_outcomes: {}\n  steps: {}\n"
      "  step_predictions: {}\n  step_minutes: {}\n  gates: {}\n  deadline_days: {}\n  watch_rows: {}\n  freeze_rows: "
      "{}\n  "
      "maximum_rollbacks: {}\n  mismatch_alpha: {}\n  error_margin: {}\n  latency_budget_ms: {}\n  latency_margin: "
      "{}\n",
      rollout.alpha, rollout.practice_margin, rollout.refresh_margin, rollout.minimum_outcomes, Shares(rollout.steps),
      rollout.step_predictions, rollout.step_minutes, Shares(rollout.gates), rollout.deadline_days, rollout.watch_rows,
      rollout.freeze_rows, rollout.maximum_rollbacks, rollout.mismatch_alpha, rollout.error_margin,
      rollout.latency_budget_ms, rollout.latency_margin);
  text += WriteDrift(policy.drift);
  const PerformancePolicy& performance = policy.performance;
  text += fmt::format(
      "performance:\n  window: {}\n  minimum_rows: {}\n  level: {}\n  resamples: {}\n"
      "  maximum_loss_ratio: {}\n",
      performance.window, performance.minimum_rows, performance.level, performance.resamples,
      performance.maximum_loss_ratio);
  text += WriteLimits("win_rate", performance.win_rate) + WriteLimits("accuracy", performance.accuracy);
  text += WriteLimits("sharpe", performance.sharpe) + WriteLimits("max_drawdown", performance.max_drawdown);
  text += WriteIntervals(performance.intervals);
  text += fmt::format("retention:\n  prediction_months: {}\n  shadow_days: {}\n", policy.retention.prediction_months,
                      policy.retention.shadow_days);
  return text;
}

}  // namespace hone
