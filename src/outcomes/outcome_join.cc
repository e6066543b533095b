#include "outcomes/outcome_join.h"

#include <algorithm>

namespace hone {

void OutcomeJoin::QueueIfJoined(const Id& id, const Pair& pair) {
  if (!pair.prediction || !pair.outcome) return;
  const Time judged = pair.prediction->time + horizon_of_(pair.prediction->model);
  ready_.emplace(std::max(judged, pair.outcome->time), id);
}

void OutcomeJoin::AddPrediction(Prediction prediction) {
  const Id id = prediction.id;
  Pair& pair = pairs_[id];
  if (pair.prediction || pair.taken) return;
  pair.prediction = std::move(prediction);
  QueueIfJoined(id, pair);
}

OutcomeArrival OutcomeJoin::AddOutcome(const Outcome& outcome) {
  Pair& pair = pairs_[outcome.prediction_id];
  if (pair.outcome || pair.taken) return OutcomeArrival::kDoubled;
  pair.outcome = outcome;
  QueueIfJoined(outcome.prediction_id, pair);
  return pair.prediction ? OutcomeArrival::kJoined : OutcomeArrival::kEarly;
}

std::vector<MaturedPrediction> OutcomeJoin::TakeMature(Time now) {
  std::vector<MaturedPrediction> mature;
  while (!ready_.empty() && ready_.begin()->first <= now) {
    Pair& pair = pairs_[ready_.begin()->second];
    mature.push_back({std::move(*pair.prediction), *pair.outcome});
    pair = {std::nullopt, std::nullopt, true};
    ready_.erase(ready_.begin());
  }
  std::sort(mature.begin(), mature.end(),
            [](const MaturedPrediction& a, const MaturedPrediction& b) { return a.prediction.id < b.prediction.id; });
  return mature;
}

std::size_t OutcomeJoin::Forget(Time cutoff) {
  std::size_t unanswered = 0;
  auto it = pairs_.begin();
  while (it != pairs_.end() && it->first.time() < cutoff) {
    if (it->second.prediction && !it->second.outcome) ++unanswered;
    it = pairs_.erase(it);
  }
  std::erase_if(ready_, [cutoff](const auto& ready) { return ready.second.time() < cutoff; });
  return unanswered;
}

}  // namespace hone
