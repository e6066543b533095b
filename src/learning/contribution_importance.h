// How far a model's answers are moved by each column: the mean size of its SHAP values over rows in time order
// (Lundberg and Lee 2017, "A unified approach to interpreting model predictions").
//
//   importance_j = mean over rows of sum over outputs of |phi_j|
//
// phi is in units of the margin: of a forest that of models/forest/contributions.h; of a linear model w_j (x_j -
// mean_j), 0 where x_j is missing; of the mean of several models the mean of theirs; of a feature that is added to an
// answer (Recipe::relative_to) its difference from its mean over these rows.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/executor.h"
#include "base/result.h"
#include "features/dataset.h"
#include "learning/dependent_mean.h"
#include "models/model.h"

namespace hone {

// One of the models whose mean is the answer: answer(row) = model(row[columns]) + row[offset_column].
struct ModelPart {
  ModelPointer model;
  std::vector<std::uint32_t> columns;
  int offset_column = -1;  // -1: none
};

struct ContributionOptions : DependentRows {
  std::uint64_t seed = 0;
};

// As the data's columns. Labels are not looked at; rows that lack a feature which is added to an answer are left out.
struct ContributionImportance {
  std::size_t rows = 0;
  std::vector<DependentMean> columns;
};

// `parts` not empty, their columns within the data's. Rows run in parallel on `executor`; the numbers do not depend on
// its parallelism. Errors (kInvalidArgument): a model that is neither a forest with contributions nor linear, or
// several whose answers are not their margins; no rows left (kInvalidData).
Result<ContributionImportance> MeasureContributions(std::span<const ModelPart> parts, const Dataset& data,
                                                    const ContributionOptions& options, Executor& executor);

}  // namespace hone
