#include "drift/detectors/whole_rows.h"

#include <algorithm>
#include <cmath>

#include "drift/detectors/reference_sample.h"
#include "stats/quantile.h"

namespace hone {
namespace {

constexpr double kLargestCell = 1e100;

}  // namespace

std::vector<double> WholeRows(std::span<const double> rows, std::size_t width) {
  std::vector<double> whole;
  whole.reserve(rows.size());
  for (std::size_t begin = 0; begin + width <= rows.size(); begin += width) {
    const auto row = rows.subspan(begin, width);
    if (!std::all_of(row.begin(), row.end(), [](double value) { return std::isfinite(value); })) continue;
    for (const double value : row) whole.push_back(std::clamp(value, -kLargestCell, kLargestCell));
  }
  return whole;
}

RowScaler::RowScaler(std::span<const double> rows, std::size_t width) : centres_(width), spreads_(width, 1.0) {
  std::vector<double> column(rows.size() / width);
  for (std::size_t j = 0; j < width && !column.empty(); ++j) {
    for (std::size_t i = 0; i < column.size(); ++i) column[i] = rows[i * width + j];
    std::sort(column.begin(), column.end());
    centres_[j] = SortedQuantile(column, 0.5);
    spreads_[j] = SpreadOf(column) / 1.349;
  }
}

double RowScaler::Scaled(std::size_t column, double value, double most) const {
  return std::clamp((value - centres_[column]) / spreads_[column], -most, most);
}

}  // namespace hone
