// EDDM, the early drift detection method (Baena-Garcia, del Campo-Avila, Fidalgo, Bifet, Gavalda and Morales-Bueno,
// "Early drift detection method", 2006).
//
// Errors are bits. Watched is the distance in answers from one error to the next: with p' its mean and s' its standard
// deviation, the largest p' + 2 s' is kept, and with ratio = (p' + 2 s') / largest: warning when ratio < alpha, drift
// when ratio < beta, judged at errors only, after `warm_start` of them.
#pragma once

#include <cstdint>
#include <memory>

#include "drift/stream_detector.h"

namespace hone {

struct EddmConfig {
  std::int64_t warm_start = 30;  // [0, 1e9]: errors before the first judgement, and answers before the first maximum
  double alpha = 0.95;           // (0, 1], >= beta
  double beta = 0.9;             // (0, 1]
};

// `before` and `after` of its states are error rates: one over the mean distance, at the maximum and now.
std::unique_ptr<StreamDetector> MakeEddm(const EddmConfig& config);

}  // namespace hone
