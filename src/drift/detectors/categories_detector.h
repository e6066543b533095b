// Categories, given as codes 0, 1, ... : Pearson's chi-squared of their shares, effect Cramer's V.
//
// The most frequent of the reference are told apart (policy: categories), all others, new ones too, count as one. The
// p-value is that of chi-squared among stationary bootstrap resamples of the reference, as in bootstrapped_sample.h;
// tau and the block length are the longest of the indicator series of the eight most frequent categories.
#pragma once

#include <memory>
#include <span>

#include "drift/column_detector.h"
#include "drift/drift_policy.h"

namespace hone {

// Codes are whole numbers >= 0; NaN is missing. `level`: see MakeDependentKolmogorovSmirnov. The detector's tests of
// levels state V as the statistic and half the sum of the differences of shares as the distance; it has no innovations.
std::unique_ptr<ColumnDetector> MakeCategoriesDetector(std::span<const double> reference, const DriftPolicy& policy,
                                                       double level);

}  // namespace hone
