// Rows whose truth is known, for tests of estimates before labels.
#pragma once

#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include "performance/direct_loss_estimate.h"
#include "stats/autoregressive_series_for_test.h"

namespace hone {

// How rows differ from those of the reference.
struct RowChange {
  double shift = 0;          // of the feature: other rows, the same concept
  double concept_shift = 0;  // added to what decides the outcome
  double noise = 1;          // factor of the noise (regression)
};

// The feature x and the noise are AR(1) with `phi`. An event happens where 1.2 x + noise > 0; its probability is
// promised too boldly.
inline FeaturedRows EventRows(double phi, std::size_t count, const RowChange& change, Random& random) {
  const auto x = Ar1(phi, count, random), noise = Ar1(phi, count, random);
  FeaturedRows rows;
  for (std::size_t i = 0; i < count; ++i) {
    const double at = x[i] + change.shift;
    const double outcome = 1.2 * at + change.concept_shift + noise[i] > 0 ? 1 : 0;
    rows.rows.push_back({static_cast<Time>(i), 1 / (1 + std::exp(-3.5 * at - 0.3)), outcome});
  }
  return rows;
}

// The outcome is x + noise of deviation 0.5 + 0.5 |x|; the prediction is x.
inline FeaturedRows NumberRows(double phi, std::size_t count, const RowChange& change, Random& random) {
  const auto x = Ar1(phi, count, random), noise = Ar1(phi, count, random);
  FeaturedRows rows;
  rows.names = {"x", "distance"};
  for (std::size_t i = 0; i < count; ++i) {
    const double at = x[i] + change.shift;
    const double outcome = at + change.concept_shift + change.noise * (0.5 + 0.5 * std::abs(at)) * noise[i];
    rows.rows.push_back({static_cast<Time>(i), at, outcome});
    rows.features.insert(rows.features.end(), {at, std::abs(at)});
  }
  return rows;
}

inline std::vector<EstimatedMetric> Estimates(const std::vector<ExpectedLoss>& losses, double level) {
  std::vector<EstimatedMetric> metrics;
  for (const ExpectedLoss& loss : losses) metrics.push_back(EstimateMetric(loss, level));
  return metrics;
}

}  // namespace hone
