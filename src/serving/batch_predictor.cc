#include "serving/batch_predictor.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "models/ensemble/voting_ensemble.h"

namespace hone {
namespace {

bool IsFinite(std::span<const double> numbers) {
  return std::all_of(numbers.begin(), numbers.end(), [](double number) { return std::isfinite(number); });
}

}  // namespace

BatchPredictor::BatchPredictor(const Clock& clock, std::uint64_t seed)
    : clock_(&clock), routing_(Random::Stream(seed, "routing of batches")), ids_(seed) {}

void BatchPredictor::Predict(PredictionBatch& batch, std::string_view key) {
  batch.time_ = clock_->Now();
  SetRoutes(batch);
  if (const std::size_t challengers = batch.snapshot().challengers().size(); challengers > 0) {
    Draw(batch, key);
    BeginCount(batch, key);
    for (std::size_t i = 0; i < challengers; ++i) {
      Evaluate(batch, static_cast<Choice>(PredictionBatch::kFirstChallenger + i));
    }
    PassOnFailed(batch);
    Evaluate(batch, PredictionBatch::kPassedOn);
  }
  Evaluate(batch, PredictionBatch::kRest);
  Finish(batch);
}

void BatchPredictor::PredictWith(const LiveVersion& version, PredictionBatch& batch) {
  batch.time_ = clock_->Now();
  batch.routes_.assign(1, {version.model.get(), &version.version, Role::kChampion, 1});
  MakeRoom(batch);
  Evaluate(batch, PredictionBatch::kRest);
  Finish(batch);
}

void BatchPredictor::SetRoutes(PredictionBatch& batch) {
  const ModelSnapshot& snapshot = batch.snapshot();
  const std::size_t challengers = snapshot.challengers().size();
  batch.routes_.resize(PredictionBatch::kFirstChallenger + challengers);
  batch.routes_[PredictionBatch::kRest] = RouteTo(snapshot, challengers);
  batch.routes_[PredictionBatch::kPassedOn] = RouteWithoutChallengers(snapshot);
  for (std::size_t i = 0; i < challengers; ++i) {
    batch.routes_[PredictionBatch::kFirstChallenger + i] = RouteTo(snapshot, i);
  }
  MakeRoom(batch);
}

// For the votes of whichever ensemble is asked.
void BatchPredictor::MakeRoom(PredictionBatch& batch) {
  batch.vote_numbers_ = 0;
  for (const Route& route : batch.routes_) {
    const VotingEnsemble* ensemble = route.model != nullptr ? route.model->ensemble() : nullptr;
    if (ensemble != nullptr) batch.vote_numbers_ = std::max(batch.vote_numbers_, ensemble->numbers());
  }
  batch.votes_.resize(batch.size() * batch.vote_numbers_);
}

void BatchPredictor::Draw(PredictionBatch& batch, std::string_view key) {
  const ModelSnapshot& snapshot = batch.snapshot();
  const double of_key = key.empty() ? 0 : DrawOfKey(snapshot.salt(), key);
  for (Choice& choice : batch.chosen_) {
    const std::size_t number = ChallengerOf(snapshot, key.empty() ? routing_.Uniform() : of_key);
    const bool rest = number == snapshot.challengers().size();
    choice = static_cast<Choice>(rest ? PredictionBatch::kRest : PredictionBatch::kFirstChallenger + number);
  }
}

// Where somebody counts what the rows are assigned to.
void BatchPredictor::BeginCount(PredictionBatch& batch, std::string_view key) {
  const ModelSnapshot& snapshot = batch.snapshot();
  if (snapshot.split() == 0) return;
  batch.drawn_.assign(batch.chosen_.begin(), batch.chosen_.end());
  batch.failed_.assign(batch.size(), 0);
  batch.unit_ = key.empty() ? 0 : UnitOfKey(snapshot.salt(), key);
}

void BatchPredictor::PassOnFailed(PredictionBatch& batch) {
  for (std::size_t i = 0; i < batch.size(); ++i) {
    Choice& choice = batch.chosen_[i];
    if (choice < PredictionBatch::kFirstChallenger || IsFinite(batch.answer(i))) continue;
    if (IsAbstention(batch.answer(i).front())) continue;
    choice = PredictionBatch::kPassedOn;
    if (!batch.failed_.empty()) batch.failed_[i] = 1;
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
  const Model* model = batch.routes_[choice].model;
  if (model == nullptr) return AnswerByColumn(batch);
  if (picked_.size() == batch.size()) return EvaluateAll(*model, batch);
  EvaluatePicked(*model, batch);
}

void BatchPredictor::EvaluateAll(const Model& model, PredictionBatch& batch) {
  if (const VotingEnsemble* ensemble = model.ensemble()) return Vote(*ensemble, batch.rows_, batch);
  model.PredictBatch(batch.rows_, batch.answers_);
}

// Members' answers to the picked rows, and what they come to.
void BatchPredictor::Vote(const VotingEnsemble& ensemble, std::span<const double> rows, PredictionBatch& batch) {
  const std::size_t numbers = ensemble.numbers(), outputs = ensemble.outputs();
  votes_.resize(picked_.size() * numbers);
  ensemble.AskBatch(rows, votes_);
  for (std::size_t k = 0; k < picked_.size(); ++k) {
    const std::span<const double> votes(&votes_[k * numbers], numbers);
    std::ranges::copy(votes, &batch.votes_[picked_[k] * batch.vote_numbers_]);
    ensemble.Combine(votes, {&batch.answers_[picked_[k] * outputs], outputs});
  }
}

void BatchPredictor::EvaluatePicked(const Model& model, PredictionBatch& batch) {
  const std::size_t width = batch.snapshot().width(), outputs = batch.snapshot().outputs();
  rows_.reserve(batch.rows_.size());
  rows_.resize(picked_.size() * width);
  answers_.reserve(batch.answers_.size());
  answers_.resize(picked_.size() * outputs);
  for (std::size_t k = 0; k < picked_.size(); ++k) std::ranges::copy(batch.row(picked_[k]), &rows_[k * width]);
  if (const VotingEnsemble* ensemble = model.ensemble()) return Vote(*ensemble, rows_, batch);
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
    if (!batch.failed_.empty() && !IsAbstention(batch.answer(i).front())) batch.failed_[i] = 1;
    std::fill_n(&batch.answers_[i * outputs], outputs, std::numeric_limits<double>::quiet_NaN());
  }
  const auto rows = static_cast<Duration>(std::max<std::size_t>(batch.size(), 1));
  batch.latency_ = std::max<Duration>(clock_->Now() - batch.time_, 0) / rows;
}

RingState BatchPredictor::Log(PredictionBatch& batch, PredictionRing& ring) {
  batch.ids_.resize(batch.size());
  const Time now = clock_->Now();
  for (std::size_t& i = batch.logged_; i < batch.size(); ++i) {
    if (!batch.answered(i) && batch.failed_.empty()) continue;
    if (const RingState state = ring.Admit(now); state != RingState::kRoom) return state;
    Prediction& prediction = ring.slot();
    batch.FillRecord(i, prediction);
    prediction.id = ids_.Next(batch.time_);
    if (batch.answered(i)) batch.ids_[i] = prediction.id;
    ring.Commit();
  }
  return RingState::kRoom;
}

}  // namespace hone
