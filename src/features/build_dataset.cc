#include "features/build_dataset.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "features/feature_set.h"
#include "features/no_value.h"
#include "features/targets/target.h"

namespace hone {

Result<Dataset> BuildDataset(const BarSeries& series, const std::vector<std::string>& features,
                             const std::string& target, int horizon, const UserDefinitions& definitions) {
  const SeriesTraits traits = TraitsOf(series);
  HONE_ASSIGN_OR_RETURN(FeatureSet set, FeatureSet::Make(features, traits, definitions));
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

Result<Dataset> BuildDatasetOfExpression(const BarSeries& series, const std::vector<std::string>& features,
                                         const std::string& expression, int horizon,
                                         const UserDefinitions& definitions) {
  std::vector<std::string> columns = features;
  const auto found = std::find(columns.begin(), columns.end(), expression);
  const auto label = static_cast<std::size_t>(found - columns.begin());
  if (found == columns.end()) columns.push_back(expression);
  HONE_ASSIGN_OR_RETURN(FeatureSet set, FeatureSet::Make(columns, TraitsOf(series), definitions));
  const std::vector<Bar>& bars = series.bars;
  const auto ahead = static_cast<std::size_t>(horizon), width = features.size();
  Dataset data;
  data.names = features;
  std::vector<double> row(set.width()), labels(bars.size(), kNone);
  std::vector<std::size_t> rows;  // bars of the rows
  for (std::size_t i = 0; i < bars.size(); ++i) {
    const bool warm = set.Update(bars[i], row);
    labels[i] = row[label];
    if (!warm || i + ahead >= bars.size()) continue;
    rows.push_back(i);
    data.x.insert(data.x.end(), row.begin(), row.begin() + static_cast<std::ptrdiff_t>(width));
  }
  for (std::size_t k = 0; k < rows.size(); ++k) {
    if (std::isnan(labels[rows[k] + ahead])) continue;
    if (k != data.rows())
      std::copy_n(data.x.begin() + static_cast<std::ptrdiff_t>(k * width), width,
                  data.x.begin() + static_cast<std::ptrdiff_t>(data.rows() * width));
    data.y.push_back(labels[rows[k] + ahead]);
    data.time.push_back(bars[rows[k]].known_at);
    data.label_time.push_back(bars[rows[k] + ahead].known_at);
  }
  data.x.resize(data.rows() * width);
  return data;
}

}  // namespace hone
