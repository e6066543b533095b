// Purged, time-ordered validation of a recipe: fitted on each fold's past, judged on its future.
//
// Answers are judged by what the recipe's objective makes of them (objective.h); with y the label,
//   regression   rmse, mae of y - answer
//   binary       the same of y - p (rmse is the root of the Brier score), log_loss, accuracy of p > 0.5
//   multiclass   log_loss, accuracy of the class with the greatest p, the first of equals
// log_loss is the mean of -ln p(y), p kept within [1e-15, 1 - 1e-15]; a class the fold's past did not have has p = 0.
// What an objective does not have is NaN.
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

struct Score {
  std::size_t rows = 0;  // judged rows with a finite answer
  double rmse = 0;
  double mae = 0;
  double log_loss = 0;
  double accuracy = 0;  // share of rows
};

struct FoldScore : Score {
  TimeFold fold;
};

// The score is that of all judged rows of all folds.
struct Validation : Score {
  std::vector<FoldScore> folds;
  // Of each judged row, folds one after the other, all numbers of the answer; NaN where the model gave none.
  std::vector<double> answers;
};

// Fails on labels of rows [begin, end) that the objective does not have, and as MakeTimeFolds and FitRecipe do.
// Folds run in parallel on `executor`; the numbers do not depend on its parallelism.
Result<Validation> ValidateRecipe(const Recipe& recipe, std::span<const Recipe> all, const Dataset& data,
                                  std::size_t begin, std::size_t end, const TimeFoldOptions& options,
                                  std::uint64_t seed, Executor& executor);

}  // namespace hone
