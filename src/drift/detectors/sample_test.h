// The test of one sample: a column's levels, or its innovations.
#pragma once

#include <vector>

#include "drift/column_detector.h"

namespace hone {

// Immutable after construction.
class SampleTest {
 public:
  virtual ~SampleTest() = default;
  // `current` finite; sorted in place.
  virtual DriftTest Compare(std::vector<double>& current) const = 0;
};

}  // namespace hone
