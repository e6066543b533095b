#include "drift/detectors/reference_bins.h"

#include <cmath>
#include <limits>

#include "stats/population_stability.h"

namespace hone {

ReferenceBins::ReferenceBins(std::span<const double> sorted_reference, int bins)
    : edges_(QuantileEdges(sorted_reference, bins)) {
  if (!edges_.empty() || sorted_reference.empty()) return;
  const double value = sorted_reference.back();
  edges_ = {std::nextafter(value, -std::numeric_limits<double>::infinity()), value};
}

PooledShares ReferenceBins::Shares(const PooledCounts& counts) const {
  PooledShares shares;
  BinPooled(counts, edges_, shares);
  return shares;
}

}  // namespace hone
