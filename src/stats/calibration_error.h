// How far probabilities are from what they promise, without the part that is only noise.
//
// The plain expected calibration error of a perfectly calibrated model is far from 0 (0.086 at 200 rows in ten bins):
// an event rate of few rows differs from its probability by chance. The debiased error (Kumar, Liang and Ma 2019,
// "Verified uncertainty calibration", 4.1) takes the expected square of that chance out of each bin:
//
//   E^2 = sum_b n_b / n [ (p_b - y_b)^2 - y_b (1 - y_b) / (n_b - 1) ]
#pragma once

#include <span>

namespace hone {

// E^2 over at most `bins` bins of equally many rows (EqualMassBins); below 0 where the bins are nearer than chance
// would have them. A bin of one row adds nothing. NaN without rows.
double DebiasedSquaredCalibrationError(std::span<const double> probabilities, std::span<const double> outcomes,
                                       int bins);

// sum_b n_b / n |p_b - y_b|: the plain error, biased upwards.
double PlainCalibrationError(std::span<const double> probabilities, std::span<const double> outcomes, int bins);

}  // namespace hone
