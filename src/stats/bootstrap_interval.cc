#include "stats/bootstrap_interval.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "stats/quantile.h"
#include "stats/stationary_bootstrap.h"

namespace hone {

BootstrapResult BootstrapInterval(std::size_t rows, double mean_length, int resamples, double level, Random& random,
                                  const IndexedStatistic& statistic) {
  if (rows == 0) return {};
  std::vector<std::size_t> drawn;
  std::vector<double> values;
  for (int i = 0; i < std::max(resamples, 1); ++i) {
    drawn.clear();
    DrawStationaryRuns(rows, rows, mean_length, random, [&drawn](std::size_t begin, std::size_t end) {
      for (std::size_t at = begin; at < end; ++at) drawn.push_back(at);
    });
    const double value = statistic(drawn);
    if (!std::isnan(value)) values.push_back(value);
  }
  if (values.empty()) return {};
  std::sort(values.begin(), values.end());
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
  return {{SortedQuantile(values, 0.5 * (1 - level)), SortedQuantile(values, 0.5 * (1 + level))}, mean};
}

}  // namespace hone
