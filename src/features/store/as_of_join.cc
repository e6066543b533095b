#include "features/store/as_of_join.h"

#include <algorithm>
#include <compare>
#include <limits>

namespace hone {
namespace {

// The places of some times from the earliest on, equal times in the order of their places. Times that stand in order,
// as stored values and rows of bars do, are walked as they are.
class TimeOrder {
 public:
  template <typename TimeAt>
  TimeOrder(std::size_t count, const TimeAt& time_at) {
    std::size_t in_order = 1;
    while (in_order < count && time_at(in_order - 1) <= time_at(in_order)) ++in_order;
    if (in_order >= count) return;
    entries_.reserve(count);
    for (std::size_t i = 0; i < count; ++i) entries_.push_back({time_at(i), i});
    std::sort(entries_.begin(), entries_.end());
  }
  std::size_t operator[](std::size_t i) const { return entries_.empty() ? i : entries_[i].place; }

 private:
  struct Entry {
    Time time;
    std::size_t place;
    auto operator<=>(const Entry&) const = default;
  };
  std::vector<Entry> entries_;
};

// Times reach from 1800 to 2200, further than a Duration does.
Duration Age(Time now, Time event) {
  Duration age = 0;
  return __builtin_sub_overflow(now, event, &age) ? INT64_MAX : age;
}

}  // namespace

std::vector<double> AsOfJoin(std::span<const FeatureValue> history, std::span<const Time> times,
                             const AsOfOptions& options) {
  const TimeOrder values(history.size(), [history](std::size_t i) { return history[i].known_at; });
  const TimeOrder rows(times.size(), [times](std::size_t i) { return times[i]; });
  std::vector<double> joined(times.size(), std::numeric_limits<double>::quiet_NaN());
  std::size_t known = 0;
  std::size_t best = 0;  // places of `history` up to the best: a later one is a later event, or a later version of one
  for (std::size_t i = 0; i < times.size(); ++i) {
    const std::size_t row = rows[i];
    for (; known < history.size() && history[values[known]].known_at <= times[row]; ++known) {
      if (history[values[known]].recorded_at <= options.recorded_by) best = std::max(best, values[known] + 1);
    }
    if (best == 0) continue;
    const FeatureValue& value = history[best - 1];
    if (Age(times[row], value.event_time) <= options.ttl) joined[row] = value.value;
  }
  return joined;
}

}  // namespace hone
