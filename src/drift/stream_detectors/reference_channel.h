// One channel of prewhitened_ranks.h: what its reference says about sums of later rows.
#pragma once

#include <cstdint>
#include <span>

namespace hone {

// Immutable after construction.
class ReferenceChannel {
 public:
  ReferenceChannel() = default;
  // `rows` >= 4: the channel in the reference, in time order. `quantile` and `margin`: q and margin of the slack L.
  ReferenceChannel(std::span<const double> rows, double quantile, double margin);

  double mean() const { return mean_; }
  double tau() const { return tau_; }

  // Whether `sum` of `count` rows less their mean is beyond the boundary at a probability of exp(-log_inverse).
  bool Beyond(double sum, double count, double log_inverse) const;

 private:
  double mean_ = 0;
  double tau_ = 1;
  double variance_ = 0;  // v: long-run, of a row
  double freedom_ = 1;   // d
  double slack_ = 0;     // L
};

}  // namespace hone
