// The mean of rows, one at a time: mean += (value - mean) / n.
#pragma once

#include <cstdint>

namespace hone {

struct MeanOfRows {
  std::int64_t rows = 0;
  double mean = 0;  // 0 without rows

  void Add(double value) {
    ++rows;
    mean += (1.0 / static_cast<double>(rows)) * (value - mean);
  }
};

}  // namespace hone
