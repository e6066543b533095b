// What the Brier score of probability forecasts is made of (Murphy 1973; within bins: Stephenson et al. 2008).
//
// With n_b rows in bin b, mean probability p_b, event rate y_b, and y the event rate of all n rows:
//
//   reliability  = sum n_b (p_b - y_b)^2 / n      lower is better: how far probabilities are from what they promise
//   resolution   = sum n_b (y_b - y)^2 / n        higher is better: how far bins are told apart
//   uncertainty  = y (1 - y)                      of the events, whatever is forecast
//   within_bins  = what grouping loses; Brier score = reliability - resolution + uncertainty + within_bins, exactly
#pragma once

#include <span>

namespace hone {

struct BrierDecomposition {
  double reliability = 0, resolution = 0, uncertainty = 0, within_bins = 0;
};

// Over at most `bins` bins of equally many rows (EqualMassBins). NaN without rows.
BrierDecomposition DecomposeBrier(std::span<const double> probabilities, std::span<const double> outcomes, int bins);

}  // namespace hone
