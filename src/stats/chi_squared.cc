#include "stats/chi_squared.h"

#include <algorithm>
#include <cmath>

#include "stats/incomplete_gamma.h"

namespace hone {
namespace {

double Sum(std::span<const double> counts) {
  double sum = 0;
  for (const double count : counts) sum += count;
  return sum;
}

}  // namespace

ChiSquared ChiSquaredOfCounts(std::span<const double> first, std::span<const double> second) {
  ChiSquared result;
  const double n = Sum(first), m = Sum(second), rows = n + m;
  if (!(n > 0) || !(m > 0)) return result;
  double categories = 0;
  for (std::size_t i = 0; i < std::min(first.size(), second.size()); ++i) {
    const double both = first[i] + second[i];
    if (!(both > 0)) continue;
    ++categories;
    const double expected_first = n * both / rows, expected_second = m * both / rows;
    const double lag_first = first[i] - expected_first, lag_second = second[i] - expected_second;
    result.statistic += lag_first * lag_first / expected_first + lag_second * lag_second / expected_second;
  }
  if (categories < 2) return {};
  result.degrees = categories - 1;
  result.p_value = ChiSquareSurvival(result.statistic, result.degrees);
  result.cramers_v = std::sqrt(result.statistic / rows);
  return result;
}

}  // namespace hone
