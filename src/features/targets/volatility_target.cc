#include "features/targets/volatility_target.h"

namespace hone {

std::optional<double> VolatilityTarget::Update(const Bar& bar) {
  const double variance = variance_.Update(bar);
  // The first bar belongs to no label: labels look at bars after their row.
  if (first_) {
    first_ = false;
    return std::nullopt;
  }
  window_.Push(variance);
  if (!window_.full()) return std::nullopt;
  return LogMeanVariance(window_.values());
}

}  // namespace hone
