#include "stats/stationary_bootstrap.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "stats/quantile.h"

namespace hone {
namespace {

void DrawRows(double mean_block, Random& random, std::vector<std::size_t>& drawn) {
  const std::size_t rows = drawn.size();
  const double ends = 1 / std::max(mean_block, 1.0);
  std::size_t at = 0;
  for (std::size_t i = 0; i < rows; ++i) {
    at = i == 0 || random.Uniform() < ends ? random.Below(rows) : (at + 1) % rows;
    drawn[i] = at;
  }
}

}  // namespace

BootstrapResult StationaryBootstrap(std::size_t rows, double mean_block, int resamples, double level, Random& random,
                                    const IndexedStatistic& statistic) {
  if (rows == 0) return {};
  std::vector<std::size_t> drawn(rows);
  std::vector<double> values;
  for (int i = 0; i < std::max(resamples, 1); ++i) {
    DrawRows(mean_block, random, drawn);
    const double value = statistic(drawn);
    if (!std::isnan(value)) values.push_back(value);
  }
  if (values.empty()) return {};
  std::sort(values.begin(), values.end());
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
  return {{SortedQuantile(values, 0.5 * (1 - level)), SortedQuantile(values, 0.5 * (1 + level))}, mean};
}

}  // namespace hone
