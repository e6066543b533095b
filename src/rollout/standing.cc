#include "rollout/standing.h"

#include <cmath>

namespace hone {

void Standing::Add(double served_loss, double refit_loss) {
  if (!state_.awaiting || !std::isfinite(served_loss) || !std::isfinite(refit_loss)) return;
  ++state_.rows;
  state_.gain += served_loss - refit_loss;
}

std::optional<Standing::Lead> Standing::Look() const {
  if (!state_.awaiting || state_.rows < 2 * horizon_ || state_.gain <= 0) return std::nullopt;
  return Lead{state_.rows, state_.gain / static_cast<double>(state_.rows), state_.evidence};
}

}  // namespace hone
