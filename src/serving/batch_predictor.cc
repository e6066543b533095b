#include "serving/batch_predictor.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace hone {
namespace {

bool IsFinite(std::span<const double> numbers) {
  return std::all_of(numbers.begin(), numbers.end(), [](double number) { return std::isfinite(number); });
}

}  // namespace

BatchPredictor::BatchPredictor(const Clock& clock, std::uint64_t seed)
    : clock_(&clock), routing_(Random::Stream(seed, "routing of batches")), ids_(seed) {}

void BatchPredictor::Predict(PredictionBatch& batch) {
  batch.time_ = clock_->Now();
  SetRoutes(batch);
  if (batch.snapshot().canary()) {
    Draw(batch);
    Evaluate(batch, Choice::kCanary);
    PassOnFailed(batch);
    Evaluate(batch, Choice::kWithoutCanary);
  }
  Evaluate(batch, Choice::kRest);
  Finish(batch);
}

void BatchPredictor::PredictWith(const LiveVersion& version, PredictionBatch& batch) {
  batch.time_ = clock_->Now();
  for (Route& route : batch.routes_) route = {version.model.get(), &version.version, Role::kChampion, 1};
  EvaluateAll(*version.model, batch);
  Finish(batch);
}

void BatchPredictor::SetRoutes(PredictionBatch& batch) {
  const ModelSnapshot& snapshot = batch.snapshot();
  constexpr double kNeverCanary = 1, kAlwaysCanary = 0;
  batch.routes_[static_cast<std::size_t>(Choice::kRest)] = RouteRequest(snapshot, kNeverCanary);
  batch.routes_[static_cast<std::size_t>(Choice::kCanary)] = RouteRequest(snapshot, kAlwaysCanary);
  batch.routes_[static_cast<std::size_t>(Choice::kWithoutCanary)] = RouteWithoutCanary(snapshot);
}

void BatchPredictor::Draw(PredictionBatch& batch) {
  const double share = batch.snapshot().canary()->share;
  for (Choice& choice : batch.chosen_) choice = routing_.Uniform() < share ? Choice::kCanary : Choice::kRest;
}

void BatchPredictor::PassOnFailed(PredictionBatch& batch) {
  for (std::size_t i = 0; i < batch.size(); ++i) {
    Choice& choice = batch.chosen_[i];
    if (choice == Choice::kCanary && !IsFinite(batch.answer(i))) choice = Choice::kWithoutCanary;
  }
}

void BatchPredictor::Pick(const PredictionBatch& batch, Choice choice) {
  picked_.clear();
  picked_.reserve(batch.size());
  for (std::size_t i = 0; i < batch.size(); ++i) {
    if (batch.chosen_[i] == choice) picked_.push_back(i);
  }
}

void BatchPredictor::Evaluate(PredictionBatch& batch, Choice choice) {
  Pick(batch, choice);
  const Model* model = batch.routes_[static_cast<std::size_t>(choice)].model;
  if (model == nullptr) return AnswerByColumn(batch);
  if (picked_.size() == batch.size()) return EvaluateAll(*model, batch);
  EvaluatePicked(*model, batch);
}

void BatchPredictor::EvaluateAll(const Model& model, PredictionBatch& batch) {
  model.PredictBatch(batch.rows_, batch.answers_);
}

void BatchPredictor::EvaluatePicked(const Model& model, PredictionBatch& batch) {
  const std::size_t width = batch.snapshot().width(), outputs = batch.snapshot().outputs();
  rows_.reserve(batch.rows_.size());
  rows_.resize(picked_.size() * width);
  answers_.reserve(batch.answers_.size());
  answers_.resize(picked_.size() * outputs);
  for (std::size_t k = 0; k < picked_.size(); ++k) std::ranges::copy(batch.row(picked_[k]), &rows_[k * width]);
  model.PredictBatch(rows_, answers_);
  for (std::size_t k = 0; k < picked_.size(); ++k) {
    std::copy_n(&answers_[k * outputs], outputs, &batch.answers_[picked_[k] * outputs]);
  }
}

void BatchPredictor::AnswerByColumn(PredictionBatch& batch) const {
  for (const std::size_t i : picked_) batch.answers_[i] = batch.row(i)[*batch.snapshot().fallback()];
}

void BatchPredictor::Finish(PredictionBatch& batch) const {
  const std::size_t outputs = batch.snapshot().outputs();
  for (std::size_t i = 0; i < batch.size(); ++i) {
    if (IsFinite(batch.answer(i))) continue;
    std::fill_n(&batch.answers_[i * outputs], outputs, std::numeric_limits<double>::quiet_NaN());
  }
  const auto rows = static_cast<Duration>(std::max<std::size_t>(batch.size(), 1));
  batch.latency_ = std::max<Duration>(clock_->Now() - batch.time_, 0) / rows;
}

RingState BatchPredictor::Log(PredictionBatch& batch, PredictionRing& ring) {
  batch.ids_.resize(batch.size());
  const Time now = clock_->Now();
  for (std::size_t& i = batch.logged_; i < batch.size(); ++i) {
    if (!batch.answered(i)) continue;
    if (const RingState state = ring.Admit(now); state != RingState::kRoom) return state;
    Prediction& prediction = ring.slot();
    batch.FillRecord(i, prediction);
    prediction.id = batch.ids_[i] = ids_.Next(batch.time_);
    ring.Commit();
  }
  return RingState::kRoom;
}

}  // namespace hone
