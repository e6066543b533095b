#include "stats/wasserstein.h"

#include <algorithm>
#include <cmath>

namespace hone {
namespace {

// Sum of cost(a, b) times the probability mass on which the quantile functions are a and b.
template <typename Cost>
double Couple(std::span<const double> a, std::span<const double> b, Cost cost) {
  const double n = static_cast<double>(a.size()), m = static_cast<double>(b.size());
  double total = 0, mass = 0;
  for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
    const double end_a = static_cast<double>(i + 1) * m, end_b = static_cast<double>(j + 1) * n;
    const double end = std::min(end_a, end_b);
    total += (end - mass) * cost(a[i], b[j]);
    mass = end;
    if (end_a <= end) ++i;
    if (end_b <= end) ++j;
  }
  return total / (n * m);
}

}  // namespace

double Wasserstein1(std::span<const double> sorted_a, std::span<const double> sorted_b) {
  return Couple(sorted_a, sorted_b, [](double x, double y) { return std::abs(x - y); });
}

double Wasserstein1(const PooledCounts& counts) {
  double sum = 0;
  VisitLags(counts, [&sum](double lag, double, double gap) { sum += std::abs(lag) * gap; });
  return sum;
}

double Wasserstein2(std::span<const double> sorted_a, std::span<const double> sorted_b) {
  return std::sqrt(Couple(sorted_a, sorted_b, [](double x, double y) { return (x - y) * (x - y); }));
}

}  // namespace hone
