#include "performance/metric_status.h"

#include <cmath>

namespace hone {
namespace {

const MetricLimits* LimitsOf(const Metric& metric, const PerformancePolicy& policy) {
  if (metric.name == "win_rate") return &policy.win_rate;
  if (metric.name == "accuracy") return &policy.accuracy;
  if (metric.name == "sharpe") return &policy.sharpe;
  if (metric.name == "max_drawdown") return &policy.max_drawdown;
  return nullptr;
}

MetricStatus StatusOf(double value, const MetricLimits& limits) {
  const double sign = limits.lower_is_better() ? -1 : 1;
  if (sign * value < sign * limits.critical) return MetricStatus::kCritical;
  if (sign * value < sign * limits.warning) return MetricStatus::kWarning;
  return sign * value >= sign * limits.target ? MetricStatus::kOnTarget : MetricStatus::kOk;
}

}  // namespace

const char* MetricStatusName(MetricStatus status) {
  switch (status) {
    case MetricStatus::kNoData: return "no_data";
    case MetricStatus::kOnTarget: return "on_target";
    case MetricStatus::kOk: return "ok";
    case MetricStatus::kWarning: return "warning";
    case MetricStatus::kCritical: return "critical";
  }
  return "no_data";
}

std::optional<JudgedMetric> JudgeMetric(const Metric& metric, const PerformancePolicy& policy) {
  const MetricLimits* limits = LimitsOf(metric, policy);
  if (limits == nullptr) return std::nullopt;
  JudgedMetric judged{MetricStatus::kNoData, *limits, false};
  if (metric.rows < policy.minimum_rows || std::isnan(metric.value)) return judged;
  judged.status = StatusOf(metric.value, *limits);
  // The end of the interval that speaks most against the status must still have it, or what lies beyond it.
  const bool bad = judged.status == MetricStatus::kWarning || judged.status == MetricStatus::kCritical;
  const double against = bad == limits->lower_is_better() ? metric.interval.low : metric.interval.high;
  const MetricStatus there = StatusOf(against, *limits);
  judged.sure = bad ? there >= judged.status : there <= judged.status;
  return judged;
}

}  // namespace hone
