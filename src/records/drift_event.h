// What a detector reports.
#pragma once

#include <cstdint>
#include <string>

#include "base/id.h"
#include "base/time.h"

namespace hone {

// How large the change is: an effect size, never a p-value.
enum class Severity : std::uint8_t { kNone, kLow, kMedium, kHigh, kCritical };
const char* SeverityName(Severity severity);  // "none", "low", ...

enum class DriftKind : std::uint8_t {
  kFeature,      // the distribution of an input moved
  kPrediction,   // the distribution of the answers moved
  kPerformance,  // the realised loss moved
};
const char* DriftKindName(DriftKind kind);  // "feature", "prediction", "performance"

struct DriftEvent {
  Id id;
  Time time = 0;
  std::string model;
  std::string version;
  DriftKind kind = DriftKind::kFeature;
  std::string subject;  // feature name, or "" for prediction and performance
  std::string method;   // "kolmogorov_smirnov", ...
  Severity severity = Severity::kNone;
  double statistic = 0;
  double effect = 0;  // in the method's own unit (D, PSI, loss ratio)
  double p_value = 1;
  std::int64_t reference_rows = 0;
  std::int64_t current_rows = 0;
};

}  // namespace hone
