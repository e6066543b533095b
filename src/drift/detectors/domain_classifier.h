// The classifier two-sample test (Lopez-Paz and Oquab 2017) over all columns: can a logistic regression on the columns,
// their squares and their products (where these are at most 128 together; else squares, else columns alone) tell
// current rows from reference rows?
//
// Folds are stretches of time of both windows; rows within two autocorrelation times of the stretch judged are not
// learned from. Statistic: the area under the ROC curve over all folds; p = 1 - Phi((AUC - 1/2) / se), one-sided, se
// from the placements' long-run variance (stats/area_under_curve.h, stats/effective_sample_size.h), at least the
// reference's own. The effect is how far apart two normal scores of that area are, in interquartile ranges. The answer
// is no_data below the policy's effective rows.
#pragma once

#include <memory>
#include <span>

#include "drift/drift_policy.h"
#include "drift/row_detector.h"

namespace hone {

// Keeps a copy of the reference; O(folds rows features^2) a comparison. `level`: see MakeDependentKolmogorovSmirnov.
std::unique_ptr<RowDetector> MakeDomainClassifier(std::span<const double> reference, std::size_t width,
                                                  const DriftPolicy& policy, double level);

}  // namespace hone
