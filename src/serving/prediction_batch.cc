#include "serving/prediction_batch.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "models/ensemble/voting_ensemble.h"

namespace hone {

void PredictionBatch::Begin(SnapshotPointer snapshot, std::size_t size) {
  snapshot_ = std::move(snapshot);
  rows_.resize(size * snapshot_->width());
  answers_.resize(size * snapshot_->outputs());
  vote_numbers_ = 0;
  routes_.assign(1, Route());
  chosen_.assign(size, kRest);
  drawn_.clear();
  failed_.clear();
  unit_ = 0;
  ids_.clear();
  logged_ = 0;
}

std::span<const double> PredictionBatch::row(std::size_t i) const {
  return {rows_.data() + i * snapshot_->width(), snapshot_->width()};
}

std::span<const double> PredictionBatch::answer(std::size_t i) const {
  return {answers_.data() + i * snapshot_->outputs(), snapshot_->outputs()};
}

bool PredictionBatch::answered(std::size_t i) const { return !std::isnan(answers_[i * snapshot_->outputs()]); }

std::span<const double> PredictionBatch::votes(std::size_t i) const {
  const Model* const model = route(i).model;
  const VotingEnsemble* const ensemble = model != nullptr ? model->ensemble() : nullptr;
  if (ensemble == nullptr) return {};
  return {votes_.data() + i * vote_numbers_, ensemble->numbers()};
}

const std::string* PredictionBatch::version() const {
  if (chosen_.empty()) return nullptr;
  const std::string* const first = route(0).version;
  const bool one =
      std::all_of(chosen_.begin(), chosen_.end(), [&](Choice choice) { return routes_[choice].version == first; });
  return one ? first : nullptr;
}

Assignment PredictionBatch::AssignmentOf(std::size_t i) const {
  if (failed_.empty()) return {};
  const Choice drawn = drawn_[i];
  const auto arm = static_cast<std::uint8_t>(drawn == kRest ? 0 : drawn - kFirstChallenger + 1);
  return {snapshot_->split(), unit_, arm, failed_[i] != 0, answered(i), false};
}

void PredictionBatch::FillRecord(std::size_t i, Prediction& prediction) const {
  const Route& from = route(i);
  const std::span<const double> features = row(i), numbers = answer(i);
  prediction.time = time_;
  prediction.model = snapshot_->model();
  prediction.version = *from.version;
  prediction.role = from.role;
  prediction.propensity = from.propensity;
  prediction.features.assign(features.begin(), features.end());
  prediction.value = numbers.front();
  prediction.latency = latency_;
  prediction.reach = std::numeric_limits<double>::quiet_NaN();
  prediction.assignment = AssignmentOf(i);
  prediction.votes.clear();
  prediction.values.assign(numbers.begin(), numbers.size() > 1 ? numbers.end() : numbers.begin());
}

}  // namespace hone
