#include "stats/brier_decomposition.h"

#include <limits>
#include <vector>

#include "stats/binary_losses.h"
#include "stats/probability_bins.h"

namespace hone {

BrierDecomposition DecomposeBrier(std::span<const double> probabilities, std::span<const double> outcomes, int bins) {
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  if (probabilities.empty()) return {kNone, kNone, kNone, kNone};
  const double rows = static_cast<double>(probabilities.size());
  double events = 0, brier = 0;
  for (std::size_t i = 0; i < probabilities.size(); ++i) {
    events += outcomes[i];
    brier += BrierLoss(probabilities[i], outcomes[i]);
  }
  const double rate = events / rows;
  BrierDecomposition parts;
  for (const ProbabilityBin& bin : EqualMassBins(probabilities, outcomes, bins)) {
    const double share = static_cast<double>(bin.rows) / rows;
    parts.reliability += share * (bin.mean_probability - bin.event_rate) * (bin.mean_probability - bin.event_rate);
    parts.resolution += share * (bin.event_rate - rate) * (bin.event_rate - rate);
  }
  parts.uncertainty = rate * (1 - rate);
  parts.within_bins = brier / rows - (parts.reliability - parts.resolution + parts.uncertainty);
  return parts;
}

}  // namespace hone
