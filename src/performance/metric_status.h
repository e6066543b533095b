// Where a metric stands against the limits of the policy.
#pragma once

#include <optional>

#include "performance/metric.h"
#include "performance/performance_policy.h"

namespace hone {

enum class MetricStatus {
  kNoData,    // fewer rows than the policy's minimum, or no number
  kOnTarget,  // the target is reached
  kOk,        // neither
  kWarning,   // past the warning limit
  kCritical,  // past the critical limit
};
const char* MetricStatusName(MetricStatus status);  // "no_data", "on_target", "ok", "warning", "critical"

struct JudgedMetric {
  MetricStatus status = MetricStatus::kNoData;
  MetricLimits limits;
  // The whole interval is past the limit that the status names (target: reached by all of it). A warning that is not
  // sure may be chance.
  bool sure = false;
};

// Nothing for a metric that the policy has no limits for: they are win_rate, accuracy, sharpe and max_drawdown.
std::optional<JudgedMetric> JudgeMetric(const Metric& metric, const PerformancePolicy& policy);

}  // namespace hone
