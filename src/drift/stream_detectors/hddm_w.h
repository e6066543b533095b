// HDDM-W, Hoeffding drift detection with weighted averages (the paper of hddm_a.h).
//
// Values in [0, 1]. A moving average m_t = lambda x_t + (1 - lambda) m_{t-1} has the sum of squared weights
// w_t = lambda^2 + (1 - lambda)^2 w_{t-1}, w_1 = 1, and by McDiarmid's inequality stays within sqrt(w log(1/confidence)
// / 2) of its expectation. The cut is where m + bound was smallest; a second average is taken over the values after it,
// and drift (warning) when it exceeds that of the cut by more than sqrt((w_1 + w_2) log(1/confidence) / 2).
// Two-sided: the same for a mean that falls.
#pragma once

#include <memory>

#include "drift/stream_detectors/hddm_a.h"

namespace hone {

struct HddmWConfig {
  HddmConfig confidence;
  double lambda = 0.05;  // (0, 1]: weight of the newest value
};

std::unique_ptr<StreamDetector> MakeHddmW(const HddmWConfig& config);

}  // namespace hone
