#include "stats/kolmogorov_smirnov.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "stats/kolmogorov_distribution.h"
#include "stats/kolmogorov_one_sample.h"

namespace hone {
namespace {

std::vector<double> SortedWithoutNan(std::span<const double> values) {
  std::vector<double> sorted;
  sorted.reserve(values.size());
  for (const double value : values)
    if (!std::isnan(value)) sorted.push_back(value);
  std::sort(sorted.begin(), sorted.end());
  return sorted;
}

double Scale(double effective_rows) {
  const double root = std::sqrt(effective_rows);
  return root + 0.12 + 0.11 / root;
}

}  // namespace

double KolmogorovSmirnovStatistic(std::span<const double> sorted_a, std::span<const double> sorted_b) {
  if (sorted_a.empty() || sorted_b.empty()) return 0;
  const double n = static_cast<double>(sorted_a.size()), m = static_cast<double>(sorted_b.size());
  double largest = 0;
  for (std::size_t i = 0, j = 0; i < sorted_a.size() && j < sorted_b.size();) {
    const double value = std::min(sorted_a[i], sorted_b[j]);
    while (i < sorted_a.size() && sorted_a[i] == value) ++i;
    while (j < sorted_b.size() && sorted_b[j] == value) ++j;
    largest = std::max(largest, std::abs(static_cast<double>(i) / n - static_cast<double>(j) / m));
  }
  return largest;
}

double KolmogorovSmirnovStatistic(const PooledCounts& counts) {
  double largest = 0;
  VisitLags(counts, [&largest](double lag, double, double) { largest = std::max(largest, std::abs(lag)); });
  return largest;
}

KolmogorovSmirnovResult KolmogorovSmirnovTest(std::span<const double> a, std::span<const double> b,
                                              KolmogorovSmirnovMethod method) {
  const std::vector<double> first = SortedWithoutNan(a), second = SortedWithoutNan(b);
  if (first.empty() || second.empty()) return {};
  const double d = KolmogorovSmirnovStatistic(first, second);
  const auto n = static_cast<std::int64_t>(first.size()), m = static_cast<std::int64_t>(second.size());
  if (method == KolmogorovSmirnovMethod::kAuto)
    method = std::max(n, m) <= 1000 ? KolmogorovSmirnovMethod::kExact : KolmogorovSmirnovMethod::kAsymptotic;
  if (method == KolmogorovSmirnovMethod::kExact) return {d, TwoSampleKolmogorovExact(n, m, d)};
  const double pooled = static_cast<double>(n) * static_cast<double>(m) / static_cast<double>(n + m);
  return {d, OneSampleKolmogorovSurvival(std::llrint(pooled), d)};
}

double KolmogorovSmirnovPValue(double statistic, double effective_rows) {
  if (!(effective_rows > 0)) return 1;
  return KolmogorovSurvival(Scale(effective_rows) * statistic);
}

double KolmogorovSmirnovCritical(double p_value, double effective_rows) {
  return KolmogorovQuantile(p_value) / Scale(effective_rows);
}

}  // namespace hone
