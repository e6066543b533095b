// AR(1) with variance 1, of which tests know the truth.
#pragma once

#include <cmath>
#include <cstddef>
#include <vector>

#include "base/random.h"

namespace hone {

inline std::vector<double> Ar1(double phi, std::size_t rows, Random& random) {
  std::vector<double> values(rows);
  double level = random.Normal();
  for (double& value : values) {
    value = level;
    level = phi * level + std::sqrt(1 - phi * phi) * random.Normal();
  }
  return values;
}

}  // namespace hone
