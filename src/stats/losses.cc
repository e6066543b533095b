#include "stats/losses.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace hone {
namespace {

template <typename Loss>
double Mean(std::span<const double> predictions, std::span<const double> outcomes, Loss loss) {
  const std::size_t rows = std::min(predictions.size(), outcomes.size());
  if (rows == 0) return std::numeric_limits<double>::quiet_NaN();
  double sum = 0;
  for (std::size_t i = 0; i < rows; ++i) sum += loss(predictions[i], outcomes[i]);
  return sum / static_cast<double>(rows);
}

}  // namespace

double Qlike(double prediction, double outcome) {
  const double ratio = outcome / prediction;
  return ratio - std::log(ratio) - 1;
}

double MeanSquaredError(std::span<const double> predictions, std::span<const double> outcomes) {
  return Mean(predictions, outcomes, SquaredError);
}

double RootMeanSquaredError(std::span<const double> predictions, std::span<const double> outcomes) {
  return std::sqrt(MeanSquaredError(predictions, outcomes));
}

double MeanAbsoluteError(std::span<const double> predictions, std::span<const double> outcomes) {
  return Mean(predictions, outcomes, [](double p, double y) { return std::abs(p - y); });
}

double MeanQlike(std::span<const double> predictions, std::span<const double> outcomes) {
  return Mean(predictions, outcomes, Qlike);
}

}  // namespace hone
