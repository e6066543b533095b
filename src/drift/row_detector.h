// A row detector compares the current rows of all columns at once with reference rows prepared once.
#pragma once

#include <span>

#include "drift/column_detector.h"

namespace hone {

// Immutable, so safe to share between threads. Rows are row-major in time order; those with a value that is not finite
// are left out.
class RowDetector {
 public:
  virtual ~RowDetector() = default;
  virtual const char* name() const = 0;
  virtual ColumnTests Compare(std::span<const double> rows) const = 0;
};

}  // namespace hone
