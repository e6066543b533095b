#include "learning/dependent_mean.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>

#include "stats/block_bootstrap.h"
#include "stats/effective_sample_size.h"

namespace hone {

int BlockRowsOf(std::span<const double> values, int horizon) {
  const auto most = std::max<std::size_t>(1, values.size() / 10);
  const double wanted = std::max(2.0 * horizon, std::ceil(2 * IntegratedAutocorrelationTime(values).tau));
  return static_cast<int>(std::min(static_cast<double>(most), wanted));
}

DependentMean MeanOfDependentRows(std::span<const double> values, int block_rows, const DependentRows& rows,
                                  Random& random) {
  const double sum = std::accumulate(values.begin(), values.end(), 0.0);
  const int block = rows.block_rows > 0 ? rows.block_rows : std::max(block_rows, BlockRowsOf(values, 1));
  return {sum / static_cast<double>(values.size()),
          BlockBootstrapMean(values, block, rows.resamples, rows.level, random)};
}

}  // namespace hone
