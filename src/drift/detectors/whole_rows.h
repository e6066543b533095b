// Rows that a method for all columns at once can take.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace hone {

// The rows all of whose `width` values are finite, those beyond 1e100 taken to it; row-major.
std::vector<double> WholeRows(std::span<const double> rows, std::size_t width);

// Centre and spread of each column of a sample: median and interquartile range / 1.349, or what stands in for it in a
// column of few values.
class RowScaler {
 public:
  RowScaler(std::span<const double> rows, std::size_t width);
  // (value - centre) / spread, taken into [-most, most].
  double Scaled(std::size_t column, double value, double most) const;

 private:
  std::vector<double> centres_, spreads_;
};

}  // namespace hone
