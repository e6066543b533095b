#include "stats/expected_roc_area.h"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <numeric>

namespace hone {

ExpectedRocArea ExpectAreaUnderRoc(std::span<const double> scores, std::span<const double> probabilities) {
  const double events = std::accumulate(probabilities.begin(), probabilities.end(), 0.0);
  const double others = static_cast<double>(scores.size()) - events;
  ExpectedRocArea roc{std::numeric_limits<double>::quiet_NaN(), {}};
  if (!(events > 0 && others > 0)) return roc;
  std::vector<std::size_t> order(scores.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return scores[a] < scores[b]; });
  // Shares of the other kind placed rightly, were the row an event and were it none.
  std::vector<double> as_event(scores.size()), as_other(scores.size());
  double events_below = 0, others_below = 0, area = 0;
  for (std::size_t i = 0; i < order.size();) {
    double tied_events = 0, tied_others = 0;
    std::size_t end = i;
    for (; end < order.size() && scores[order[end]] == scores[order[i]]; ++end) {
      tied_events += probabilities[order[end]];
      tied_others += 1 - probabilities[order[end]];
    }
    const double right = (others_below + 0.5 * tied_others) / others;
    area += tied_events * right / events;
    for (; i < end; ++i) {
      as_event[order[i]] = right;
      as_other[order[i]] = (events - events_below - 0.5 * tied_events) / events;
    }
    events_below += tied_events;
    others_below += tied_others;
  }
  roc.area = area;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    roc.slope.push_back((as_event[i] - area) / events - (as_other[i] - area) / others);
  }
  return roc;
}

}  // namespace hone
