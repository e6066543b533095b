// RDDM, the reactive drift detection method (Barros, Cabral, Goncalves and Santos, "RDDM: reactive drift detection
// method", Expert Systems with Applications 90, 2017).
//
// DDM (ddm.h) with three changes against its growing deaf on long concepts: a concept of `max_concept` answers that is
// not in warning is shortened to its newest `min_stable_concept`, a warning of `warning_limit` answers in a row is a
// drift, and after a drift the answers since its warning began count for the new concept.
//
// Memory: `min_stable_concept` bytes.
#pragma once

#include <cstdint>
#include <memory>

#include "drift/stream_detector.h"

namespace hone {

struct RddmConfig {
  std::int64_t min_instances = 129;        // [1, 1e9]: answers before the first judgement
  double warning_level = 1.773;            // (0, 1e9]
  double drift_level = 2.258;              // >= warning_level
  std::int64_t max_concept = 40000;        // [1, 1e9]
  std::int64_t min_stable_concept = 7000;  // [1, 1e7]
  std::int64_t warning_limit = 1400;       // [1, 1e9]
};

std::unique_ptr<StreamDetector> MakeRddm(const RddmConfig& config);

}  // namespace hone
