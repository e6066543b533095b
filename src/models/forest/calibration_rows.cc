#include "models/forest/calibration_rows.h"

#include <cmath>
#include <limits>

#include "base/random.h"
#include "models/forest/infinity.h"

namespace hone {
namespace {

constexpr double kSpecial[] = {std::numeric_limits<double>::quiet_NaN(), kInfinity, -kInfinity, -0.0, 5e-324, 1e-36, 1};
constexpr std::size_t kMostOfAColumn = 4096;

std::vector<std::vector<double>> ThresholdsOfColumns(const Forest& forest) {
  std::vector<std::vector<double>> columns(forest.width);
  for (const Tree& tree : forest.trees) {
    for (const Split& split : tree.splits) {
      std::vector<double>& column = columns[split.feature];
      if (column.size() < kMostOfAColumn) column.push_back(split.threshold);
    }
  }
  return columns;
}

double ValueNear(const std::vector<double>& thresholds, Random& random) {
  const std::uint64_t way = random.Below(8);
  if (thresholds.empty() || way == 0) return kSpecial[random.Below(std::size(kSpecial))];
  const double threshold = thresholds[random.Below(thresholds.size())];
  if (way < 4) return threshold;
  return std::nextafter(threshold, way < 6 ? kInfinity : -kInfinity);
}

}  // namespace

std::vector<double> CalibrationRows(const Forest& forest, std::size_t count) {
  const std::vector<std::vector<double>> columns = ThresholdsOfColumns(forest);
  Random random(1);
  std::vector<double> rows;
  rows.reserve(count * forest.width);
  for (std::size_t i = 0; i < count; ++i) {
    for (const std::vector<double>& column : columns) rows.push_back(ValueNear(column, random));
  }
  return rows;
}

}  // namespace hone
