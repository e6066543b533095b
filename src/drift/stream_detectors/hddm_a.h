// HDDM-A, Hoeffding drift detection with averages (Frias-Blanco, del Campo-Avila, Ramos-Jimenez, Morales-Bueno,
// Ortiz-Diaz and Caballero-Mota, "Online and non-parametric drift detection methods based on Hoeffding's bounds", IEEE
// TKDE 27, 2015).
//
// Values in [0, 1]. The cut is where mean + sqrt(log(1 / drift_confidence) / (2 n)) was smallest; with x the mean of
// the n_x values up to it and z that of all n_z, drift (warning) when
//   z - x >= sqrt( (n_z - n_x) / (n_x n_z) / 2 * log(2 / confidence) ).
// Two-sided: the same for a mean that falls.
#pragma once

#include <memory>

#include "drift/stream_detector.h"

namespace hone {

struct HddmConfig {
  double drift_confidence = 0.001;    // (0, 1)
  double warning_confidence = 0.005;  // [drift_confidence, 1)
  bool two_sided = false;
};

std::unique_ptr<StreamDetector> MakeHddmA(const HddmConfig& config);

}  // namespace hone
