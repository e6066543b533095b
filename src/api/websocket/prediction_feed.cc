#include "api/websocket/prediction_feed.h"

#include <algorithm>

#include "api/prediction_json.h"

namespace hone {

void PredictionFeed::Publish(const Prediction& prediction) {
  JsonWriter json;
  WritePrediction(prediction, nullptr, false, json);
  hub_->Publish(Topic::kPrediction, prediction.model, json.text(), prediction.time);
}

void PredictionFeed::PublishBatch(const PredictionBatch& batch) {
  const std::size_t logged = batch.ids().size();
  const std::size_t told = std::min(logged, kMostOfBatch);
  Prediction prediction;
  for (std::size_t i = 0; i < told; ++i) {
    if (!batch.answered(i)) continue;
    batch.FillRecord(i, prediction);
    prediction.id = batch.ids()[i];
    Publish(prediction);
  }
  if (logged > told) hub_->Lose(Topic::kPrediction, logged - told);
}

}  // namespace hone
