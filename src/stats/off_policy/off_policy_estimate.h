// The value of a policy, its mean reward a row, from what an estimator says of each row: the mean of these terms, with
// a normal interval whose standard error allows for rewards that depend on one another (effective_sample_size.h).
#pragma once

#include <span>

#include "stats/interval.h"

namespace hone {

struct OffPolicyEstimate {
  double value = 0;
  double standard_error = 0;
  Interval interval;  // unbounded for fewer than two rows
};

// `terms` finite, in time order, at least one; `level` in (0, 1), the interval's coverage.
OffPolicyEstimate EstimateFrom(std::span<const double> terms, double level);

}  // namespace hone
