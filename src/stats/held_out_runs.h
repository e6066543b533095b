// Cross-fitting of a time series: runs of consecutive rows are left out in turn, so that what is fitted on the others
// is judged on rows it has not seen.
#pragma once

#include <cstddef>
#include <vector>

namespace hone {

struct HeldOutRows {
  std::size_t begin = 0, end = 0;  // judged
  // What is fitted on: rows before `left` and from `right` on, `gap` rows away from those judged at least.
  std::size_t left = 0, right = 0;

  bool FittedOn(std::size_t row) const { return row < left || row >= right; }
};

// `folds` >= 2 runs of consecutive rows, equal to within one row, that cover `rows` >= folds.
std::vector<HeldOutRows> HoldOutRuns(std::size_t rows, int folds, std::size_t gap);

}  // namespace hone
