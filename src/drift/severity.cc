#include "drift/severity.h"

#include <algorithm>

namespace hone {
namespace {

Severity Reached(double effect, double medium, double high, double critical) {
  if (effect >= critical) return Severity::kCritical;
  if (effect >= high) return Severity::kHigh;
  return effect >= medium ? Severity::kMedium : Severity::kLow;
}

}  // namespace

Severity SeverityOfTest(const DriftTest& test, const DriftPolicy& policy) {
  return std::max(Reached(test.shift, policy.medium_shift, policy.high_shift, policy.critical_shift),
                  Reached(test.stability, policy.medium_stability, policy.high_stability, policy.critical_stability));
}

Severity SeverityOfLossRatio(double ratio, const DriftPolicy& policy) {
  return Reached(ratio, policy.medium_loss_ratio, policy.high_loss_ratio, policy.critical_loss_ratio);
}

}  // namespace hone
