#include "features/store/as_of_join.h"

#include <algorithm>
#include <limits>
#include <numeric>

namespace hone {
namespace {

template <typename Key>
std::vector<std::size_t> Sorted(std::vector<std::size_t> places, Key key) {
  std::stable_sort(places.begin(), places.end(), [key](std::size_t a, std::size_t b) { return key(a) < key(b); });
  return places;
}

// Times reach from 1800 to 2200, further than a Duration does.
Duration Age(Time now, Time event) {
  Duration age = 0;
  return __builtin_sub_overflow(now, event, &age) ? INT64_MAX : age;
}

}  // namespace

std::vector<double> AsOfJoin(std::span<const FeatureValue> history, std::span<const Time> times,
                             const AsOfOptions& options) {
  std::vector<std::size_t> recorded;
  for (std::size_t i = 0; i < history.size(); ++i) {
    if (history[i].recorded_at <= options.recorded_by) recorded.push_back(i);
  }
  std::vector<std::size_t> rows(times.size());
  std::iota(rows.begin(), rows.end(), 0);
  recorded = Sorted(std::move(recorded), [history](std::size_t i) { return history[i].known_at; });
  rows = Sorted(std::move(rows), [times](std::size_t i) { return times[i]; });

  std::vector<double> joined(times.size(), std::numeric_limits<double>::quiet_NaN());
  std::size_t known = 0, best = 0;  // of `history`: a later place is a later event, or a later version of one
  for (const std::size_t row : rows) {
    for (; known < recorded.size() && history[recorded[known]].known_at <= times[row]; ++known) {
      best = std::max(best, recorded[known]);
    }
    if (known == 0) continue;
    if (Age(times[row], history[best].event_time) <= options.ttl) joined[row] = history[best].value;
  }
  return joined;
}

}  // namespace hone
