// The frame of a column detector: one test of the column's levels and one of its innovations, the residuals of an
// autoregression fitted to the reference (a change of variance hidden by persistence shows there).
//
// Values that are not finite are left out, those beyond 1e100 taken to it.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "drift/column_detector.h"
#include "drift/detectors/sample_test.h"
#include "drift/drift_policy.h"

namespace hone {

// Prepares the test of a reference sample: finite values in time order, maybe none.
using MakeSampleTest = std::function<std::unique_ptr<SampleTest>(std::span<const double> values)>;

// `name` outlives the detector.
std::unique_ptr<ColumnDetector> MakeLevelsAndInnovations(const char* name, std::span<const double> reference,
                                                         const DriftPolicy& policy, const MakeSampleTest& make_test);

// 0 of no values.
double MissingShare(std::size_t all, std::size_t finite);

// The finite values of a column, in their order, those beyond 1e100 taken to it.
std::vector<double> FiniteValues(std::span<const double> values);

}  // namespace hone
