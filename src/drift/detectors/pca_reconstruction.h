// Rows of all columns by what principal components leave of them (Jackson and Mudholkar 1979): the reference's first
// half is scaled and its components that hold the policy's share of the variance are kept; the length of what they
// leave of a row is one number, and those of the second half are compared with those of the current rows by the default
// detector. Correlations that change show here where no single column moves.
#pragma once

#include <memory>
#include <span>

#include "drift/drift_policy.h"
#include "drift/row_detector.h"

namespace hone {

// O(rows width^2 + width^3). `level`: see MakeDependentKolmogorovSmirnov.
std::unique_ptr<RowDetector> MakePcaReconstruction(std::span<const double> reference, std::size_t width,
                                                   const DriftPolicy& policy, double level);

}  // namespace hone
