// Kolmogorov-Smirnov for dependent rows: the default column detector.
//
// Both windows are compared twice: their levels, and their innovations, the residuals of an autoregression of order 5
// fitted to the reference (a change of variance hidden by persistence shows there). For each
//   tau = max(tau of ranks, tau of |rank - 1/2|) in the reference (Sokal's window, see stats/effective_sample_size.h;
//   the
//         second sees volatility clustering, to which ranks are blind),
//   n_e = n m / ((n + m) tau),  p = Kolmogorov((sqrt(n_e) + .12 + .11 / sqrt(n_e)) D)  (Stephens 1970),
// and the answer is no_data while n / tau or m / tau is below the policy's minimum.
//
// Values that are not finite are left out, those beyond 1e100 taken to it. Simulated false alarm rates and power are
// held by drift_simulation_test.cc.
#pragma once

#include <memory>
#include <span>

#include "drift/column_detector.h"
#include "drift/drift_policy.h"

namespace hone {

// Prepares the reference, O(n log n + n tau). `level` in (0, 1): the p-value the smallest detectable shift is stated
// for.
std::unique_ptr<ColumnDetector> MakeDependentKolmogorovSmirnov(std::span<const double> reference,
                                                               const DriftPolicy& policy, double level);

}  // namespace hone
