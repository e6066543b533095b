#include "engine/replay_training.h"

namespace hone {

ReplayTraining::ReplayTraining(const std::vector<Recipe>& recipes, FitCache& cache, std::optional<Sabotage> sabotage)
    : recipes_(recipes), cache_(cache), sabotage_(std::move(sabotage)) {}

void ReplayTraining::Start(const TrainingJob& job, const Dataset&) {
  std::shared_ptr<const Dataset> replacement;
  if (sabotage_ && job.trigger.kind != TriggerKind::kInitial && job.requested >= sabotage_->from) {
    replacement = sabotage_->rows;
    sabotage_.reset();
  }
  std::vector<FitRequest> requests;
  for (const JobFit& fit : job.fits) {
    const Recipe& recipe = recipes_[static_cast<std::size_t>(fit.recipe)];
    requests.push_back({recipe.name, 0, fit.end, job.seed, replacement});
  }
  finished_ = TrainingResult{job, cache_.FitAll(requests)};
}

std::optional<TrainingResult> ReplayTraining::TakeFinished() {
  std::optional<TrainingResult> result;
  result.swap(finished_);
  return result;
}

}  // namespace hone
