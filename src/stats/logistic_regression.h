// Ridge-penalised logistic regression by Newton's method (iteratively reweighted least squares).
#pragma once

#include <span>
#include <vector>

namespace hone {

struct LogisticRegression {
  double intercept = 0;
  std::vector<double> weights;

  // The log odds of a row of weights.size() numbers.
  double Score(std::span<const double> row) const;
};

// The minimum of sum_i case_weight_i log(1 + exp(-y_i score_i)) + penalty |weights|^2 / 2 with y = 2 label - 1; the
// intercept is not penalised. `rows`: labels.size() x width numbers, row-major, finite, of order 1; `labels` 0 or 1;
// `case_weights` > 0, one for each row; `penalty` > 0. As scikit-learn's LogisticRegression(C=1/penalty). O(iterations
// rows width^2), memory O(width^2).
LogisticRegression FitLogisticRegression(std::span<const double> rows, std::size_t width,
                                         std::span<const double> labels, std::span<const double> case_weights,
                                         double penalty);

}  // namespace hone
