#include "stats/effective_sample_size.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "stats/running_moments.h"

namespace hone {
namespace {

constexpr double kWindowFactor = 5;

std::vector<double> Centred(std::span<const double> values) {
  double sum = 0;
  for (const double value : values) sum += value;
  const double mean = sum / static_cast<double>(values.size());
  std::vector<double> centred(values.begin(), values.end());
  for (double& value : centred) value -= mean;
  return centred;
}

// Four partial sums, so that additions need not wait for one another.
double LaggedProduct(const std::vector<double>& x, std::size_t lag) {
  const std::size_t count = x.size() - lag;
  double sums[4] = {0, 0, 0, 0};
  std::size_t i = 0;
  for (; i + 4 <= count; i += 4)
    for (std::size_t k = 0; k < 4; ++k) sums[k] += x[i + k] * x[i + k + lag];
  for (; i < count; ++i) sums[0] += x[i] * x[i + lag];
  return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

}  // namespace

AutocorrelationTime IntegratedAutocorrelationTime(std::span<const double> values) {
  AutocorrelationTime time;
  if (values.size() < 4) return time;
  const std::vector<double> centred = Centred(values);
  const double variance = LaggedProduct(centred, 0);
  if (!(variance > 0)) return time;
  const int limit = static_cast<int>(values.size() / 2);
  double tau = 1;
  time.converged = false;
  while (time.window < limit) {
    if (static_cast<double>(time.window) >= kWindowFactor * tau) {
      time.converged = true;
      break;
    }
    tau += 2 * LaggedProduct(centred, static_cast<std::size_t>(++time.window)) / variance;
  }
  const double inflation = 1 + (2.0 * time.window + 1) / static_cast<double>(values.size());
  time.tau = std::max(1.0, std::max(1.0, tau) * inflation);
  return time;
}

double EffectiveSampleSize(std::span<const double> values) {
  return static_cast<double>(values.size()) / IntegratedAutocorrelationTime(values).tau;
}

double StandardErrorOfMean(std::span<const double> values) {
  RunningMoments moments;
  for (const double value : values) moments.Add(value);
  return moments.count() < 2 ? 0 : moments.standard_deviation() / std::sqrt(EffectiveSampleSize(values));
}

}  // namespace hone
