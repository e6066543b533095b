// Rows for the tests of this module: seeded, with overlapping labels.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "base/random.h"
#include "features/dataset.h"

namespace hone {

// `rows` days of AR(0.9) features f0, f1, ...; y = sum tanh(f_j) / (j + 1) + noise, known five days later.
inline Dataset MakeTestRows(std::size_t rows, std::size_t width, std::uint64_t seed, double missing = 0) {
  Dataset data;
  Random random(seed);
  for (std::size_t j = 0; j < width; ++j) data.names.push_back(std::string("f").append(std::to_string(j)));
  std::vector<double> state(width);
  for (std::size_t i = 0; i < rows; ++i) {
    double y = 0.3 * random.Normal();
    for (std::size_t j = 0; j < width; ++j) {
      state[j] = 0.9 * state[j] + random.Normal();
      y += std::tanh(state[j]) / static_cast<double>(j + 1);
      data.x.push_back(random.Uniform() < missing ? std::numeric_limits<double>::quiet_NaN() : state[j]);
    }
    data.y.push_back(y);
    data.time.push_back(static_cast<Time>(i) * kDay);
    data.label_time.push_back(static_cast<Time>(i + 5) * kDay);
  }
  return data;
}

}  // namespace hone
