#include "stats/maximum_mean_discrepancy.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

namespace hone {
namespace {

// Pairs i < j with x_j - x_i <= distance.
std::int64_t PairsWithin(std::span<const double> sorted, double distance) {
  std::int64_t pairs = 0;
  for (std::size_t i = 0, j = 0; j < sorted.size(); ++j) {
    while (sorted[j] - sorted[i] > distance) ++i;
    pairs += static_cast<std::int64_t>(j - i);
  }
  return pairs;
}

// The smallest distance that at least `pairs` pairs keep within: bisection to the last bit.
double DistanceOfRank(std::span<const double> sorted, std::int64_t pairs) {
  if (PairsWithin(sorted, 0) >= pairs) return 0;
  double low = 0, high = sorted.back() - sorted.front();
  while (true) {
    const double middle = low + 0.5 * (high - low);
    if (middle <= low || middle >= high) return high;
    (PairsWithin(sorted, middle) >= pairs ? high : low) = middle;
  }
}

}  // namespace

std::vector<double> GaussianKernel(std::span<const double> points, double bandwidth) {
  std::vector<double> kernel;
  kernel.reserve(points.size() * points.size());
  for (const double x : points)
    for (const double y : points) {
      const double lag = x == y ? 0 : (x - y) / bandwidth;
      kernel.push_back(std::exp(-0.5 * lag * lag));
    }
  return kernel;
}

double SquaredMeanDiscrepancy(std::span<const double> p, std::span<const double> q, std::span<const double> kernel) {
  const std::size_t points = std::min(p.size(), q.size());
  double sum = 0;
  for (std::size_t i = 0; i < points; ++i) {
    double row = 0;
    for (std::size_t j = 0; j < points; ++j) row += (p[j] - q[j]) * kernel[i * points + j];
    sum += (p[i] - q[i]) * row;
  }
  return std::max(sum, 0.0);
}

double MedianDistance(std::span<const double> sorted) {
  if (sorted.size() < 2) return 0;
  const auto rows = static_cast<std::int64_t>(sorted.size());
  const std::int64_t pairs = rows * (rows - 1) / 2;
  const double upper = DistanceOfRank(sorted, pairs / 2 + 1);
  return pairs % 2 == 1 ? upper : 0.5 * (DistanceOfRank(sorted, pairs / 2) + upper);
}

}  // namespace hone
