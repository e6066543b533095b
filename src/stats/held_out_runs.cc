#include "stats/held_out_runs.h"

#include <algorithm>

namespace hone {

std::vector<HeldOutRows> HoldOutRuns(std::size_t rows, int folds, std::size_t gap) {
  const auto count = static_cast<std::size_t>(folds);
  std::vector<HeldOutRows> runs;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t begin = rows * i / count, end = rows * (i + 1) / count;
    runs.push_back({begin, end, begin - std::min(begin, gap), std::min(end + gap, rows)});
  }
  return runs;
}

}  // namespace hone
