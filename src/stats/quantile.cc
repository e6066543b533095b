#include "stats/quantile.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace hone {
namespace {

struct Position {
  std::size_t index;
  double fraction;
};

Position Locate(std::size_t count, double probability) {
  const double place = std::clamp(probability, 0.0, 1.0) * static_cast<double>(count - 1);
  const double whole = std::floor(place);
  return {static_cast<std::size_t>(whole), place - whole};
}

// Equal ends give that end, so that infinities do not become NaN.
double Interpolate(double low, double high, double fraction) {
  return fraction == 0 || low == high ? low : low + (high - low) * fraction;
}

}  // namespace

double SortedQuantile(std::span<const double> sorted, double probability) {
  if (sorted.empty()) return std::numeric_limits<double>::quiet_NaN();
  const auto [index, fraction] = Locate(sorted.size(), probability);
  return Interpolate(sorted[index], sorted[std::min(index + 1, sorted.size() - 1)], fraction);
}

double Quantile(std::span<const double> values, double probability) {
  if (values.empty()) return std::numeric_limits<double>::quiet_NaN();
  std::vector<double> copy(values.begin(), values.end());
  const auto [index, fraction] = Locate(copy.size(), probability);
  const auto middle = copy.begin() + static_cast<std::ptrdiff_t>(index);
  std::nth_element(copy.begin(), middle, copy.end());
  if (middle + 1 == copy.end()) return *middle;
  return Interpolate(*middle, *std::min_element(middle + 1, copy.end()), fraction);
}

}  // namespace hone
