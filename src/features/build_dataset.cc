#include "features/build_dataset.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "features/feature_set.h"
#include "features/targets/target.h"

namespace hone {
namespace {

// Calls take(block, first) for the bars block by block, the set having been updated with them; `first` is the place of
// the block's first bar.
template <typename Take>
Status ForEachBlock(FeatureSet& set, std::span<const Bar> bars, const Take& take) {
  for (std::size_t begin = 0; begin < bars.size(); begin += set.block_bars()) {
    const auto block = bars.subspan(begin, std::min(set.block_bars(), bars.size() - begin));
    set.UpdateBlock(block);
    HONE_RETURN_IF_ERROR(take(block, begin));
  }
  return OkStatus();
}

// The first `width` features at a bar of the last block.
void AppendRow(const FeatureSet& set, std::size_t width, std::size_t bar, std::vector<double>& x) {
  for (std::size_t i = 0; i < width; ++i) x.push_back(set.column(i)[bar]);
}

}  // namespace

Result<Dataset> BuildDataset(const BarSeries& series, const std::vector<std::string>& features,
                             const std::string& target, int horizon, const UserDefinitions& definitions) {
  const SeriesTraits traits = TraitsOf(series);
  HONE_ASSIGN_OR_RETURN(FeatureSet set, FeatureSet::Make(features, traits, definitions));
  HONE_ASSIGN_OR_RETURN(const std::unique_ptr<Target> labels, MakeTarget(target, horizon, traits));
  Dataset data;
  data.names = features;
  const std::span<const Bar> bars(series.bars);
  const auto ahead = static_cast<std::size_t>(horizon), first = static_cast<std::size_t>(set.warmup() - 1);
  HONE_RETURN_IF_ERROR(ForEachBlock(set, bars, [&](std::span<const Bar> block, std::size_t begin) -> Status {
    for (std::size_t k = 0, i = begin; k < block.size(); ++k, ++i) {
      if (i >= first && i + ahead < bars.size()) {
        data.time.push_back(block[k].known_at);
        data.label_time.push_back(bars[i + ahead].known_at);
        AppendRow(set, features.size(), k, data.x);
      }
      const std::optional<double> label = labels->Update(block[k]);
      if (!label || i < first + ahead) continue;
      if (!std::isfinite(*label)) {
        return Error{ErrorCode::kInvalidData, fmt::format("no finite {} at {}", target, FormatTime(block[k].open_time)),
                     series.source, 0, target};
      }
      data.y.push_back(*label);
    }
    return OkStatus();
  }));
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
  const std::span<const Bar> bars(series.bars);
  const auto ahead = static_cast<std::size_t>(horizon), first = static_cast<std::size_t>(set.warmup() - 1);
  const std::size_t width = features.size();
  Dataset data;
  data.names = features;
  std::vector<double> labels;
  std::vector<std::size_t> rows;  // bars of the rows
  HONE_RETURN_IF_ERROR(ForEachBlock(set, bars, [&](std::span<const Bar> block, std::size_t begin) {
    labels.insert(labels.end(), set.column(label).begin(), set.column(label).end());
    for (std::size_t k = 0, i = begin; k < block.size(); ++k, ++i) {
      if (i < first || i + ahead >= bars.size()) continue;
      rows.push_back(i);
      AppendRow(set, width, k, data.x);
    }
    return OkStatus();
  }));
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
