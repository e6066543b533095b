#include "stats/off_policy/off_policy_estimate.h"

#include <numeric>

#include "stats/effective_sample_size.h"
#include "stats/normal.h"

namespace hone {

OffPolicyEstimate EstimateFrom(std::span<const double> terms, double level) {
  OffPolicyEstimate estimate;
  estimate.value = std::accumulate(terms.begin(), terms.end(), 0.0) / static_cast<double>(terms.size());
  if (terms.size() < 2) return estimate;
  estimate.standard_error = StandardErrorOfMean(terms);
  const double half = NormalQuantile((1 + level) / 2) * estimate.standard_error;
  estimate.interval = {estimate.value - half, estimate.value + half};
  return estimate;
}

}  // namespace hone
