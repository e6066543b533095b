// Where the loop gets its versions from. In replay the fits run in process and are there at once; in serve a child
// process trains while the loop goes on. The loop never knows which.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "learning/fit_cache.h"
#include "retraining/triggers.h"

namespace hone {

// Train recipe `recipe` (the loop's index) on what its window selects of the loop's history rows [0, end).
struct JobFit {
  int recipe = 0;
  std::size_t end = 0;
};

// One job: fits to make, and the seed they share.
struct TrainingJob {
  std::int64_t number = 0;
  Trigger trigger;
  Time requested = 0;
  std::uint64_t seed = 0;
  std::vector<JobFit> fits;
};

// Fits in the order of the job's requests; an error where the learner failed.
struct TrainingResult {
  TrainingJob job;
  std::vector<FitPointer> fits;
};

// Not thread-safe: called by the thread that owns the loop.
class TrainingService {
 public:
  virtual ~TrainingService() = default;
  // Begins `job` on `history`, whose rows [0, end) will not change any more. One job at a time.
  virtual void Start(const TrainingJob& job, const Dataset& history) = 0;
  // The finished job, once.
  virtual std::optional<TrainingResult> TakeFinished() = 0;
};

}  // namespace hone
