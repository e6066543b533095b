// Bins of equal shares of a reference sample, for statistics of shares.
#pragma once

#include <span>
#include <vector>

#include "stats/pooled_counts.h"

namespace hone {

class ReferenceBins {
 public:
  // At most `bins` bins with equal shares of the ascending reference, fewer where values repeat. A constant reference
  // has three: below, at and above its value.
  ReferenceBins(std::span<const double> sorted_reference, int bins);

  const std::vector<double>& edges() const { return edges_; }
  PooledShares Shares(const PooledCounts& counts) const;

 private:
  std::vector<double> edges_;
};

}  // namespace hone
