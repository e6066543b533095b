// Loss formulas, lower is better. Pairs are (prediction, outcome); spans are of one length, NaN answers for none.
#pragma once

#include <span>

namespace hone {

inline double SquaredError(double prediction, double outcome) {
  return (prediction - outcome) * (prediction - outcome);
}

// QLIKE of a variance forecast (Patton 2011): outcome / prediction - log(outcome / prediction) - 1, both > 0; 0 when
// equal.
double Qlike(double prediction, double outcome);

double MeanSquaredError(std::span<const double> predictions, std::span<const double> outcomes);
double RootMeanSquaredError(std::span<const double> predictions, std::span<const double> outcomes);
double MeanAbsoluteError(std::span<const double> predictions, std::span<const double> outcomes);
double MeanQlike(std::span<const double> predictions, std::span<const double> outcomes);

}  // namespace hone
