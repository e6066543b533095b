// Ridge regression (Hoerl and Kennard, 1970) in closed form.
//
// Columns are standardised: z_j = (x_j - mean_j) / sd_j over the rows where x_j is not missing (sd with divisor n); a
// missing value is imputed by its mean (z = 0), also when answering. A column without variation gets weight 0. Then
//   (Z'Z / n + lambda I) b = Z'(y - mean(y)) / n,   intercept = mean(y), unpenalised,
// solved by Cholesky (LDLT). `lambda` is thus in units of a standardised column's variance, whatever n.
//
// Parameters: lambda 1e-3, within [0, 1e6]: the penalty. gcv 0 or 1: choose lambda instead from 33 values, 10^-6 to
// 10^2 in quarter decades, by generalised cross-validation (Golub, Heath and Wahba, 1979): the least (RSS / n) / (1 -
// (1 + tr H) / n)^2.
//
// Regression only. Format "linear" (models/linear/linear.h). The seed is not used. Same rows, same bytes.
#pragma once

#include "learning/learner.h"

namespace hone {

const Learner& RidgeLearner();

}  // namespace hone
