// STEPD, the statistical test of equal proportions (Nishida and Yamauchi, "Detecting concept drift using statistical
// testing", Discovery Science 2007).
//
// Errors are bits. The error rate of the newest `window` answers (n_r, rate r) is compared with that of all before
// them (n_o, rate o), p being the rate of all:
//
//   T = max(0, |o - r| - (1/n_o + 1/n_r) / 2) / sqrt(p (1 - p) (1/n_o + 1/n_r)),   P = 2 (1 - Phi(T))
//
// from 2 windows on; warning when P < alpha_warning, drift when P < alpha_drift. (MOA takes |T| where the correction
// exceeds the difference, and so alarms on rare errors that did not change.)
//
// Memory: `window` bytes.
#pragma once

#include <cstdint>
#include <memory>

#include "drift/stream_detector.h"

namespace hone {

struct StepdConfig {
  std::int64_t window = 30;     // [2, 1e6]
  double alpha_drift = 0.003;   // (0, 1)
  double alpha_warning = 0.05;  // [alpha_drift, 1)
};

std::unique_ptr<StreamDetector> MakeStepd(const StepdConfig& config);

}  // namespace hone
