// Direct loss estimation (DLE; NannyML): a model of the loss, fitted on a labelled reference to the features and the
// prediction, tells what loss to expect of rows whose outcome is not known. Reference rows have theirs from models
// fitted without them, by folds of consecutive rows. An expectation is kept within the losses the reference had.
//
// It sees that rows are of a kind that was predicted worse. It cannot see that the concept moved: that is the gap
// (estimated_metric.h).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "learning/learner.h"
#include "performance/confidence_based_estimate.h"
#include "performance/estimated_metric.h"

namespace hone {

// Rows in time order with the features they were predicted from: rows x names.size(), row-major, NaN where missing.
struct FeaturedRows {
  std::vector<ScoredRow> rows;
  std::vector<std::string> names;
  std::vector<double> features;
};

// mae, rmse, bias and, where every prediction and known outcome is above 0, qlike, as RegressionMetrics has them. All
// reference rows have outcomes; of current rows NaN where not known. `names` are the same. kInvalidData for fewer
// reference rows than 30 or three horizons a fold, for no current rows; what the learner refuses.
Result<std::vector<ExpectedLoss>> EstimateLossDirectly(const FeaturedRows& reference, const FeaturedRows& current,
                                                       const Learner& learner, const EstimateTerms& terms,
                                                       std::uint64_t seed);

}  // namespace hone
