// How much worse a model answers once a column tells it nothing: permutation importance (Breiman 2001, "Random
// forests"; model reliance of Fisher, Rudin and Dominici 2019), on rows in time order.
//
//   importance_j = mean over repeats and rows of L(y_i, f(x_i with column j of row p(i))) - L(y_i, f(x_i))
//
// L is the loss of answer_loss.h. p puts the rows' blocks of `block_rows` neighbours in another order, from a beginning
// drawn anew, so that what a row is given is that of any row with equal probability, and neighbours keep the dependence
// they have. The interval is that of the mean of the rows' influences (dependent_mean.h), their own difference plus the
// one their value makes where it is given, less the mean (Hajek 1968's projection of a mean over pairs of rows): it
// allows for dependent rows, and for the permutations drawn.
//
// It asks what the model uses: of two columns that tell the same it may show that neither is needed. Below 0: the model
// answers better without. Rows should be such that the model did not learn from them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/executor.h"
#include "base/result.h"
#include "features/dataset.h"
#include "learning/dependent_mean.h"
#include "learning/objective.h"
#include "models/model.h"

namespace hone {

struct PermutationOptions : DependentRows {
  int repeats = 10;  // permutations of each column, at least 1
  std::uint64_t seed = 0;
};

struct PermutedColumn {
  DependentMean importance;
  double spread = 0;  // standard deviation over the repeats; 0 of one
};

struct PermutationImportance {
  std::size_t rows = 0;  // with a finite answer
  double loss = 0;       // their mean
  int block_rows = 0;
  std::vector<PermutedColumn> columns;  // as the data has them
};

// data.width() == model.width(), labels as the objective has them. Columns run in parallel on `executor`; the numbers
// do not depend on its parallelism, nor a column's on the other columns. Errors (kInvalidData): fewer than 20 rows with
// a finite answer.
Result<PermutationImportance> MeasurePermutationImportance(const Model& model, Objective objective, const Dataset& data,
                                                           const PermutationOptions& options, Executor& executor);

}  // namespace hone
