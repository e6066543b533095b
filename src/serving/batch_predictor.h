// Predicts many rows at once: routes each as Predictor routes one, evaluates the rows of one version together.
//
//   batch_predictor.Predict(batch);
//   switch (batch_predictor.Log(batch, ring)) {   // only where the answers are to be logged
//     case RingState::kRoom: every answer is in the ring: answer the request
//     case RingState::kWait: call Log again in a millisecond; it goes on where it stopped
//     case RingState::kOverload: answer 503 with Retry-After
//   }
//
// Once its buffers and the batch's have grown it allocates nothing, and it takes no lock.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/id.h"
#include "base/random.h"
#include "base/time.h"
#include "serving/prediction_batch.h"
#include "serving/prediction_ring.h"

namespace hone {

// One a thread; not thread-safe.
class BatchPredictor {
 public:
  // `clock` must outlive it. `seed` gives ids and routing draws; every thread needs a seed of its own, and another
  // than its Predictor's.
  BatchPredictor(const Clock& clock, std::uint64_t seed);

  // Answers every row that Begin announced; each row is routed by itself, or all as the one `key` says, where it is not
  // "" (router.h). A row for which its challenger has no finite answer is the champion's (or
  // persistence's, while the model is frozen) with propensity 1; one that these cannot answer either is NaN. So is one
  // from which an ensemble abstains, whoever it is: nobody answers instead.
  void Predict(PredictionBatch& batch, std::string_view key = {});
  // The same by one version whatever the routing: a live version of the batch's snapshot. Such answers are nobody's
  // that a router chose, so they cannot be logged.
  void PredictWith(const LiveVersion& version, PredictionBatch& batch);

  // Puts the answers into the ring, each under an id of its own, as many as there is room for; rows without an answer
  // are handed on only where traffic is split, for its count, and have no id. kRoom: all are in. Otherwise why not, as
  // PredictionRing::Admit says; what is in stays in.
  RingState Log(PredictionBatch& batch, PredictionRing& ring);

 private:
  using Choice = PredictionBatch::Choice;

  static void SetRoutes(PredictionBatch& batch);
  void Draw(PredictionBatch& batch, std::string_view key);
  static void BeginCount(PredictionBatch& batch, std::string_view key);
  static void PassOnFailed(PredictionBatch& batch);
  void Pick(const PredictionBatch& batch, Choice choice);
  void Evaluate(PredictionBatch& batch, Choice choice);
  void EvaluatePicked(const Model& model, PredictionBatch& batch);
  void EvaluateAll(const Model& model, PredictionBatch& batch);
  static void MakeRoom(PredictionBatch& batch);
  void Vote(const VotingEnsemble& ensemble, std::span<const double> rows, PredictionBatch& batch);
  void AnswerByColumn(PredictionBatch& batch) const;
  void Finish(PredictionBatch& batch) const;

  const Clock* clock_;
  Random routing_;
  IdGenerator ids_;
  std::vector<std::size_t> picked_;     // the rows of one version
  std::vector<double> rows_, answers_;  // theirs, gathered
  std::vector<double> votes_;           // of an ensemble's members on them
};

}  // namespace hone
