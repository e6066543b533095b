// Purged, time-ordered validation of a recipe: fitted on each fold's past, judged on its future.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/executor.h"
#include "base/result.h"
#include "features/dataset.h"
#include "learning/recipe.h"
#include "learning/time_folds.h"

namespace hone {

struct FoldScore {
  TimeFold fold;
  std::size_t rows = 0;  // judged rows with a finite answer
  double rmse = 0;
  double mae = 0;
};

struct Validation {
  std::vector<FoldScore> folds;
  std::size_t rows = 0;
  double rmse = 0;  // over all judged rows of all folds
  double mae = 0;
  std::vector<double> answers;  // one per judged row, folds one after the other; NaN where the model gave none
};

// Folds run in parallel on `executor`; the numbers do not depend on its parallelism.
Result<Validation> ValidateRecipe(const Recipe& recipe, std::span<const Recipe> all, const Dataset& data,
                                  std::size_t begin, std::size_t end, const TimeFoldOptions& options,
                                  std::uint64_t seed, Executor& executor);

}  // namespace hone
