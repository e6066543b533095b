// Rows to learn from: features known at `time`, and the label that became known at `label_time`.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "base/time.h"

namespace hone {

// n rows in increasing `time`; x is row-major, n x names.size(). NaN is a missing feature; y is finite.
struct Dataset {
  std::vector<std::string> names;
  std::vector<Time> time;        // when the features were known and the prediction is made
  std::vector<Time> label_time;  // when the label became known, > time
  std::vector<double> x;
  std::vector<double> y;

  std::size_t rows() const { return y.size(); }
  std::size_t width() const { return names.size(); }
  std::span<const double> row(std::size_t i) const { return {x.data() + i * width(), width()}; }
};

// Rows [begin, end) of `data`, copied.
Dataset Slice(const Dataset& data, std::size_t begin, std::size_t end);
// SHA-256 (hex) over names, times, values and labels of rows [begin, end): the version's data fingerprint.
std::string Fingerprint(const Dataset& data, std::size_t begin, std::size_t end);

}  // namespace hone
