#include "stats/area_under_curve.h"

#include <algorithm>

namespace hone {

std::vector<double> Placements(std::span<const double> scores, std::span<const double> others) {
  std::vector<double> sorted(others.begin(), others.end()), placements;
  std::sort(sorted.begin(), sorted.end());
  placements.reserve(scores.size());
  for (const double score : scores) {
    const auto [low, high] = std::equal_range(sorted.begin(), sorted.end(), score);
    const auto twice = static_cast<double>((low - sorted.begin()) + (high - sorted.begin()));
    placements.push_back(0.5 * twice / static_cast<double>(sorted.size()));
  }
  return placements;
}

double AreaUnderRocCurve(std::span<const double> negatives, std::span<const double> positives) {
  if (negatives.empty() || positives.empty()) return 0.5;
  double sum = 0;
  for (const double placement : Placements(positives, negatives)) sum += placement;
  return sum / static_cast<double>(positives.size());
}

}  // namespace hone
