// The whole policy: every threshold and cadence of the loop, as versioned data. Each section belongs to its module.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "drift/drift_policy.h"
#include "performance/performance_policy.h"
#include "retraining/retraining_policy.h"
#include "rollout/rollout_policy.h"

namespace hone {

// How long rows are kept in the live store.
struct RetentionPolicy {
  int prediction_months = 24;  // prediction and outcome partitions, >= 1
  int shadow_days = 90;        // what other versions would have answered, >= 1
};

struct Policy {
  RetrainingPolicy retraining;
  RolloutPolicy rollout;
  DriftPolicy drift;
  PerformancePolicy performance;
  RetentionPolicy retention;
};

// Reads a policy YAML (see examples/policy.yaml): `version: 1`, then any of the sections; what is not given keeps its
// default. An unknown key or a value out of range is an error with file, line, key and what would be right.
Result<Policy> ReadPolicy(std::string_view yaml, const std::string& source);
// The policy as YAML with every key: what `hone policy show` prints and what a replay's identity hashes.
std::string WritePolicy(const Policy& policy);

}  // namespace hone
