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
  // `sum` of as many rows as another channel's, in units in which the two can be compared: its square over v.
  double Clearness(double sum) const { return variance_ > 0 ? sum * sum / variance_ : 0; }

 private:
  double mean_ = 0;
  double tau_ = 1;
  double variance_ = 0;  // v: long-run, of a row
  double freedom_ = 1;   // d
  double slack_ = 0;     // L
};

}  // namespace hone
