// Training for replay and simulation: in process, on the cache's executor, finished before the next row.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "engine/training_service.h"

namespace hone {

// Fits come from a cache over the whole dataset: row i of the loop's history is row i of the dataset, so two policies
// that ask for the same rows share the fit. Not thread-safe.
class ReplayTraining final : public TrainingService {
 public:
  // One refresh, the first at or after `from`, learns from `rows` in place of the cache's own.
  struct Sabotage {
    Time from = 0;
    std::shared_ptr<const Dataset> rows;
  };
  // `recipes` by the loop's index, all of them in the cache. Both must outlive this.
  ReplayTraining(const std::vector<Recipe>& recipes, FitCache& cache, std::optional<Sabotage> sabotage);

  void Start(const TrainingJob& job, const Dataset& history) override;
  std::optional<TrainingResult> TakeFinished() override;

 private:
  const std::vector<Recipe>& recipes_;
  FitCache& cache_;
  std::optional<Sabotage> sabotage_;
  std::optional<TrainingResult> finished_;
};

}  // namespace hone
