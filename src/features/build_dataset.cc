#include "features/build_dataset.h"

#include <fmt/format.h>

#include <cmath>
#include <memory>

#include "features/feature_set.h"
#include "features/targets/target.h"

namespace hone {

Result<Dataset> BuildDataset(const BarSeries& series, const std::vector<std::string>& features,
                             const std::string& target, int horizon) {
  const SeriesTraits traits = TraitsOf(series);
  HONE_ASSIGN_OR_RETURN(FeatureSet set, FeatureSet::Make(features, traits));
  HONE_ASSIGN_OR_RETURN(const std::unique_ptr<Target> labels, MakeTarget(target, horizon, traits));
  Dataset data;
  data.names = features;
  const std::size_t ahead = static_cast<std::size_t>(horizon), bars = series.bars.size();
  const std::size_t first = static_cast<std::size_t>(set.warmup() - 1);
  std::vector<double> row(set.width());
  for (std::size_t i = 0; i < bars; ++i) {
    const Bar& bar = series.bars[i];
    if (set.Update(bar, row) && i + ahead < bars) {
      data.time.push_back(bar.known_at);
      data.label_time.push_back(series.bars[i + ahead].known_at);
      data.x.insert(data.x.end(), row.begin(), row.end());
    }
    const std::optional<double> label = labels->Update(bar);
    if (!label || i < first + ahead) continue;
    if (!std::isfinite(*label)) {
      return Error{ErrorCode::kInvalidData, fmt::format("no finite {} at {}", target, FormatTime(bar.open_time)),
                   series.source, 0, target};
    }
    data.y.push_back(*label);
  }
  return data;
}

}  // namespace hone
