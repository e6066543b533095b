#include "features/store/feature_statistics.h"

#include <algorithm>
#include <cmath>

namespace hone {
namespace {

void Add(const FeatureValue& value, FeatureStatistics& statistics) {
  const bool first = statistics.count() == 0;
  statistics.first_event = first ? value.event_time : std::min(statistics.first_event, value.event_time);
  statistics.last_event = first ? value.event_time : std::max(statistics.last_event, value.event_time);
  statistics.last_recorded = std::max(statistics.last_recorded, value.recorded_at);
  if (std::isnan(value.value)) {
    ++statistics.missing;
    return;
  }
  statistics.moments.Add(value.value);
  statistics.quantiles.Add(value.value);
}

}  // namespace

Result<FeatureStatistics> StatisticsOf(FeatureValues& values, std::int64_t feature,
                                       const std::vector<FeatureEntity>& entities) {
  FeatureStatistics statistics;
  for (const FeatureEntity& entity : entities) {
    HONE_ASSIGN_OR_RETURN(const auto history, values.History(feature, entity.id));
    statistics.entities += history.empty() ? 0 : 1;
    for (std::size_t i = 0; i < history.size(); ++i) {
      const bool newest = i + 1 == history.size() || history[i + 1].event_time != history[i].event_time;
      if (newest) Add(history[i], statistics);
    }
  }
  return statistics;
}

}  // namespace hone
