#include "stats/asymptotic_confidence_sequence.h"

#include <cmath>

namespace hone {

AsymptoticConfidenceSequence::AsymptoticConfidenceSequence(double alpha, double sharpest_at)
    : alpha_(alpha), rho_squared_((-2 * std::log(alpha) + std::log1p(-2 * std::log(alpha))) / sharpest_at) {}

Interval AsymptoticConfidenceSequence::interval() const {
  if (moments_.count() < 2) return {};
  const double t = static_cast<double>(moments_.count()), grown = t * rho_squared_ + 1;
  const double half = moments_.standard_deviation() *
                      std::sqrt(2 * grown / (t * t * rho_squared_) * std::log(std::sqrt(grown) / alpha_));
  return {moments_.mean() - half, moments_.mean() + half};
}

}  // namespace hone
