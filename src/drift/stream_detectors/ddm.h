// DDM, the drift detection method (Gama, Medas, Castillo and Rodrigues, "Learning with drift detection", SBIA 2004).
//
// Errors are bits. With p the error rate of the n answers so far and s = sqrt(p (1 - p) / n), the p and s at the
// smallest p + s are kept: warning when p + s > p_min + w s_min, drift when p + s > p_min + d s_min.
#pragma once

#include <cstdint>
#include <memory>

#include "drift/stream_detector.h"

namespace hone {

struct DdmConfig {
  std::int64_t warm_start = 30;  // [0, 1e9]: answers before the first judgement
  double warning_threshold = 2;  // w, (0, 1e9]
  double drift_threshold = 3;    // d, >= w
};

std::unique_ptr<StreamDetector> MakeDdm(const DdmConfig& config);

}  // namespace hone
