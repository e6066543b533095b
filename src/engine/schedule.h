// Fixed schedules, the controls a policy is compared with: fit once, or again every so many rows, and answer with the
// newest fit. Also persistence.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/executor.h"
#include "base/result.h"
#include "features/dataset.h"
#include "learning/fit_cache.h"
#include "learning/recipe.h"

namespace hone {

struct ScheduleResult {
  std::vector<double> losses;  // squared errors of rows [first, rows)
  int fits = 0;                // after the first
};

// First row that can be served when `initial_rows` must be matured: its features are known no earlier than the label of
// row initial_rows - 1.
std::size_t FirstServedRow(const Dataset& data, std::size_t initial_rows);
// Rows whose labels are known when row `i` is asked.
std::size_t MaturedRows(const Dataset& data, std::size_t i);

// `every` rows between fits; 0: never again. Fits come from `cache` (shared with everything else that asks for them).
Result<ScheduleResult> RunSchedule(const Dataset& data, const Recipe& recipe, std::size_t first, int every,
                                   std::uint64_t seed, FitCache& cache);

// The naive answer: the feature in `column`.
ScheduleResult RunPersistence(const Dataset& data, std::size_t column, std::size_t first);

}  // namespace hone
