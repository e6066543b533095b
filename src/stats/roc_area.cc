#include "stats/roc_area.h"

#include <cmath>
#include <limits>
#include <vector>

#include "stats/area_under_curve.h"
#include "stats/normal.h"
#include "stats/running_moments.h"

namespace hone {
RocArea AreaUnderRoc(std::span<const double> scores, std::span<const double> outcomes) {
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  std::vector<double> of_kind[2];
  for (std::size_t i = 0; i < scores.size(); ++i) of_kind[outcomes[i] > 0.5].push_back(scores[i]);
  RocArea roc{kNone, kNone, {}};
  if (of_kind[0].empty() || of_kind[1].empty()) return roc;
  const std::vector<double> below[2] = {Placements(of_kind[0], of_kind[1]), Placements(of_kind[1], of_kind[0])};
  const double counts[2] = {static_cast<double>(of_kind[0].size()), static_cast<double>(of_kind[1].size())};
  // The share of the other kind that the row is placed rightly against.
  RunningMoments placements[2];
  std::size_t next[2] = {0, 0};
  for (std::size_t i = 0; i < scores.size(); ++i) {
    const int kind = outcomes[i] > 0.5 ? 1 : 0;
    const double share = below[kind][next[kind]++];
    roc.influence.push_back(kind == 1 ? share : 1 - share);
    placements[kind].Add(roc.influence.back());
  }
  roc.area = placements[1].mean();
  const double rows = counts[0] + counts[1];
  for (std::size_t i = 0; i < scores.size(); ++i) {
    roc.influence[i] = (roc.influence[i] - roc.area) * rows / counts[outcomes[i] > 0.5 ? 1 : 0];
  }
  if (counts[0] > 1 && counts[1] > 1) {
    roc.variance = placements[1].variance() / counts[1] + placements[0].variance() / counts[0];
  }
  return roc;
}

Interval RocAreaInterval(const RocArea& roc, double tau, double level) {
  if (!(roc.area > 0 && roc.area < 1 && roc.variance >= 0)) return {0, 1};
  const double logit = std::log(roc.area / (1 - roc.area));
  const double half = NormalQuantile(0.5 * (1 + level)) * std::sqrt(roc.variance * tau) / (roc.area * (1 - roc.area));
  const auto area_at = [](double x) { return 1 / (1 + std::exp(-x)); };
  return {area_at(logit - half), area_at(logit + half)};
}

}  // namespace hone
