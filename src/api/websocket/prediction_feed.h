// Tells the followers of the topic `prediction` of every prediction that is logged, whoever asked for it.
#pragma once

#include <cstddef>

#include "api/websocket/topic_hub.h"
#include "records/prediction.h"
#include "serving/prediction_batch.h"

namespace hone {

// Any thread.
class PredictionFeed {
 public:
  // Of one batch so many are told, the first; the others count as dropped.
  static constexpr std::size_t kMostOfBatch = 1000;

  // `hub` must outlive it.
  explicit PredictionFeed(TopicHub& hub) : hub_(&hub) {}

  // Costs one relaxed load while nobody follows.
  void Tell(const Prediction& prediction) {
    if (hub_->wanted(Topic::kPrediction)) Publish(prediction);
  }
  // The rows that were logged.
  void Tell(const PredictionBatch& batch) {
    if (hub_->wanted(Topic::kPrediction)) PublishBatch(batch);
  }

 private:
  void Publish(const Prediction& prediction);
  void PublishBatch(const PredictionBatch& batch);

  TopicHub* hub_;
};

}  // namespace hone
