#include "stats/block_bootstrap.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "stats/quantile.h"

namespace hone {
namespace {

// Sums of any circular run of at most `longest` values in O(1).
class CircularSums {
 public:
  CircularSums(std::span<const double> values, std::size_t longest) : prefix_(values.size() + longest + 1) {
    for (std::size_t i = 0; i + 1 < prefix_.size(); ++i) prefix_[i + 1] = prefix_[i] + values[i % values.size()];
  }
  double Sum(std::size_t start, std::size_t length) const { return prefix_[start + length] - prefix_[start]; }

 private:
  std::vector<double> prefix_;
};

std::size_t ClampBlock(int block, std::size_t rows) {
  return std::min(static_cast<std::size_t>(std::max(block, 1)), rows);
}

// Calls add(start, length) for the blocks of one resample, `rows` rows in all.
template <typename AddBlock>
void DrawBlocks(std::size_t rows, std::size_t block, Random& random, AddBlock add) {
  for (std::size_t drawn = 0; drawn < rows; drawn += block) add(random.Below(rows), std::min(block, rows - drawn));
}

Interval Percentiles(std::vector<double>& draws, double level) {
  std::sort(draws.begin(), draws.end());
  return {SortedQuantile(draws, 0.5 * (1 - level)), SortedQuantile(draws, 0.5 * (1 + level))};
}

double RootMean(double sum, double rows) { return std::sqrt(std::max(sum, 0.0) / rows); }

}  // namespace

Interval BlockBootstrapMean(std::span<const double> values, int block, int resamples, double level, Random& random) {
  if (values.empty()) return {};
  const std::size_t rows = values.size(), length = ClampBlock(block, rows);
  const CircularSums sums(values, length);
  std::vector<double> means(static_cast<std::size_t>(std::max(resamples, 1)));
  for (double& mean : means) {
    double sum = 0;
    DrawBlocks(rows, length, random, [&](std::size_t start, std::size_t count) { sum += sums.Sum(start, count); });
    mean = sum / static_cast<double>(rows);
  }
  return Percentiles(means, level);
}

Interval BlockBootstrapRmse(std::span<const double> squared_errors, int block, int resamples, double level,
                            Random& random) {
  if (squared_errors.empty()) return {};
  const Interval mean = BlockBootstrapMean(squared_errors, block, resamples, level, random);
  return {RootMean(mean.low, 1), RootMean(mean.high, 1)};
}

Interval BlockBootstrapRmseDifference(std::span<const double> first_squared_errors,
                                      std::span<const double> second_squared_errors, int block, int resamples,
                                      double level, Random& random) {
  const std::size_t rows = std::min(first_squared_errors.size(), second_squared_errors.size());
  if (rows == 0) return {};
  const std::size_t length = ClampBlock(block, rows);
  const CircularSums first(first_squared_errors.first(rows), length), second(second_squared_errors.first(rows), length);
  std::vector<double> differences(static_cast<std::size_t>(std::max(resamples, 1)));
  for (double& difference : differences) {
    double sum_first = 0, sum_second = 0;
    DrawBlocks(rows, length, random, [&](std::size_t start, std::size_t count) {
      sum_first += first.Sum(start, count);
      sum_second += second.Sum(start, count);
    });
    difference = RootMean(sum_first, static_cast<double>(rows)) - RootMean(sum_second, static_cast<double>(rows));
  }
  return Percentiles(differences, level);
}

}  // namespace hone
