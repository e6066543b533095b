#include "stats/kolmogorov_distribution.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <vector>

namespace hone {
namespace {

double LowerSeries(double x) {
  const double t = std::exp(-std::numbers::pi * std::numbers::pi / (8 * x * x));
  double sum = 0;
  for (int k = 7; k >= 1; k -= 2) sum += std::pow(t, k * k);
  return std::sqrt(2 * std::numbers::pi) / x * sum;
}

double UpperSeries(double x) {
  double sum = 0;
  for (int k = 6; k >= 1; --k) sum += (k % 2 == 1 ? 2 : -2) * std::exp(-2.0 * k * k * x * x);
  return sum;
}

}  // namespace

double KolmogorovSurvival(double x) {
  if (!(x > 0)) return 1;
  if (x < 0.04) return 1;
  return x < 0.82 ? 1 - LowerSeries(x) : UpperSeries(x);
}

double KolmogorovQuantile(double probability) {
  double low = 0.04, high = 20;
  for (int i = 0; i < 100 && low < high; ++i) {
    const double middle = 0.5 * (low + high);
    (KolmogorovSurvival(middle) > probability ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

double TwoSampleKolmogorovExact(std::int64_t n, std::int64_t m, double d) {
  if (n < m) std::swap(n, m);
  const std::int64_t divisor = std::gcd(n, m), step_i = m / divisor, step_j = n / divisor;
  const auto limit = static_cast<std::int64_t>(std::llround(d * static_cast<double>(step_i) * static_cast<double>(n)));
  if (limit <= 0) return 1;
  // outside[j]: the share of the paths to (i, j) that touched |i/n - j/m| >= d.
  std::vector<double> outside(static_cast<std::size_t>(m) + 1);
  for (std::int64_t i = 0; i <= n; ++i) {
    for (std::int64_t j = 0; j <= m; ++j) {
      double& here = outside[static_cast<std::size_t>(j)];
      if (std::abs(step_i * i - step_j * j) >= limit) {
        here = 1;
      } else if (i + j == 0) {
        here = 0;
      } else {
        const double left = j > 0 ? outside[static_cast<std::size_t>(j) - 1] * static_cast<double>(j) : 0;
        here = (here * static_cast<double>(i) + left) / static_cast<double>(i + j);
      }
    }
  }
  return outside.back();
}

}  // namespace hone
