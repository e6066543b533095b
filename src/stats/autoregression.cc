#include "stats/autoregression.h"

#include <algorithm>

namespace hone {
namespace {

std::vector<double> Autocovariances(std::span<const double> values, double mean, std::size_t order) {
  std::vector<double> covariances(order + 1);
  for (std::size_t lag = 0; lag <= order; ++lag)
    for (std::size_t i = lag; i < values.size(); ++i) covariances[lag] += (values[i] - mean) * (values[i - lag] - mean);
  return covariances;
}

std::vector<double> LevinsonDurbin(const std::vector<double>& covariances) {
  const std::size_t order = covariances.size() - 1;
  std::vector<double> solution(order), before;
  double error = covariances[0];
  for (std::size_t k = 0; k < order && error > covariances[0] * 1e-12; ++k) {
    double reflection = covariances[k + 1];
    for (std::size_t i = 0; i < k; ++i) reflection -= solution[i] * covariances[k - i];
    reflection /= error;
    before = solution;
    solution[k] = reflection;
    for (std::size_t i = 0; i < k; ++i) solution[i] = before[i] - reflection * before[k - 1 - i];
    error *= 1 - reflection * reflection;
  }
  return solution;
}

}  // namespace

Autoregression FitAutoregression(std::span<const double> values, int order) {
  Autoregression fit;
  if (values.empty()) return fit;
  for (const double value : values) fit.mean += value;
  fit.mean /= static_cast<double>(values.size());
  const auto lags = std::min(static_cast<std::size_t>(std::max(order, 0)), values.size() - 1);
  fit.coefficients = LevinsonDurbin(Autocovariances(values, fit.mean, lags));
  return fit;
}

void Autoregression::Residuals(std::span<const double> values, std::vector<double>& residuals) const {
  const std::size_t order = coefficients.size();
  residuals.resize(values.size() > order ? values.size() - order : 0);
  for (std::size_t t = order; t < values.size(); ++t) {
    double residual = values[t] - mean;
    for (std::size_t i = 0; i < order; ++i) residual -= coefficients[i] * (values[t - 1 - i] - mean);
    residuals[t - order] = residual;
  }
}

}  // namespace hone
