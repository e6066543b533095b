#include "api/predict_route.h"

#include <fmt/format.h>

#include <algorithm>

#include "api/log_retry.h"
#include "api/prediction_json.h"
#include "api/route_table.h"
#include "api/served_model.h"
#include "wire/http_problem.h"

namespace hone {
namespace {

// Null where no ensemble voted.
const VotingEnsemble* EnsembleOf(const ModelSnapshot& snapshot, const Prediction& prediction) {
  return prediction.votes.empty() ? nullptr : snapshot.FindVersion(prediction.version)->model->ensemble();
}

Error Overload() { return {ErrorCode::kUnavailable, "predictions come faster than they can be stored; try again"}; }

}  // namespace

PredictRoute::PredictRoute(LiveEngine& engine, MetricRegistry& metrics, MetricFamily<Counter>& requests,
                           PredictionFeed& feed, const Clock& clock, int io_threads, std::uint64_t seed)
    : engine_(&engine),
      feed_(&feed),
      clock_(&clock),
      requests_(&requests),
      predictions_(&metrics.AddCounter("model_predictions_total", "Predictions answered.", {"model"})),
      latency_(&metrics.AddHistogram("model_prediction_latency_seconds", "Time to evaluate one prediction.",
                                     LatencyBuckets(), {"model"})),
      served_(&requests.With({std::string(kPath), "200"})) {
  for (int i = 0; i < io_threads; ++i) {
    const std::uint64_t lane_seed = Random::Stream(seed, fmt::format("io thread {}", i)).Next();
    lanes_.push_back(std::make_unique<Lane>(clock, lane_seed));
  }
}

void PredictRoute::Handle(const HttpRequest& request, Responder responder) {
  switch (Admit(request.io_thread)) {
    case RingState::kRoom: Send(responder, Predict(request.io_thread, request.body, responder.span())); return;
    case RingState::kOverload: Send(responder, Overloaded()); return;
    case RingState::kWait: break;
  }
  Retry(std::make_shared<Waiting>(Waiting{request.io_thread, request.body, std::move(responder), kFirstRetry}));
}

RingState PredictRoute::Admit(int io_thread) {
  PredictionRing& ring = engine_->ring(io_thread);
  return ring.HasRoom() ? RingState::kRoom : ring.Admit(clock_->Now());
}

void PredictRoute::Retry(std::shared_ptr<Waiting> waiting) {
  const int io_thread = waiting->io_thread;
  const Duration delay = waiting->delay;
  server_->PostAfter(io_thread, delay, [this, waiting = std::move(waiting)] {
    switch (Admit(waiting->io_thread)) {
      case RingState::kRoom:
        Send(waiting->responder, Predict(waiting->io_thread, waiting->body, waiting->responder.span()));
        return;
      case RingState::kOverload: Send(waiting->responder, Overloaded()); return;
      case RingState::kWait: break;
    }
    waiting->delay = std::min(2 * waiting->delay, kLongestRetry);
    Retry(waiting);
  });
}

void PredictRoute::Send(Responder& responder, HttpResponse response) {
  if (response.status == 200) {
    served_->Add();
  } else {
    requests_->With({std::string(kPath), std::to_string(response.status)}).Add();
  }
  LogAnswer(kPath, response.status);
  responder.Send(std::move(response));
}

HttpResponse PredictRoute::Overloaded() { return ProblemResponse(Overload()); }

HttpResponse PredictRoute::Predict(int io_thread, std::string_view body, OpenSpan* span) {
  const Result<std::string_view> json = TryPredict(io_thread, body, span);
  return json.ok() ? JsonResponse(std::string(*json)) : ProblemResponse(json.error());
}

Result<std::string_view> PredictRoute::PredictNow(int io_thread, std::string_view body) {
  if (Admit(io_thread) != RingState::kRoom) return Overload();
  return TryPredict(io_thread, body, nullptr);
}

Result<std::string_view> PredictRoute::TryPredict(int io_thread, std::string_view body, OpenSpan* span) {
  Lane& lane = *lanes_[static_cast<std::size_t>(io_thread)];
  PredictionRing& ring = engine_->ring(io_thread);
  HONE_ASSIGN_OR_RETURN(const PredictRequest* request, lane.reader.Read(body));
  HONE_ASSIGN_OR_RETURN(const ModelSnapshot* snapshot,
                        PeekServedModel(*engine_->snapshots(io_thread), request->model, kPath));
  Prediction& prediction = ring.slot();
  const Result<AnswerNotes> notes = lane.predictor.Predict(*snapshot, *request, prediction);
  // Without an answer only a split's count is to know of it. A slot is not to be read once it is committed.
  const auto count_unanswered = [&ring, &prediction] {
    if (prediction.assignment.split != 0) ring.Commit();
  };
  if (!notes.ok()) {
    count_unanswered();
    return notes.error();
  }
  lane.json.Clear();
  WritePrediction(prediction, EnsembleOf(*snapshot, prediction), notes->abstained, lane.json, snapshot->reach());
  if (span != nullptr) SetModel(span, prediction.model, prediction.version);
  if (notes->abstained) {
    count_unanswered();
    return std::string_view(lane.json.text());
  }
  ModelCounters& counters = CountersOf(lane, prediction.model);
  counters.predictions->Add();
  counters.latency->Observe(static_cast<double>(prediction.latency) / kSecond);
  feed_->Tell(prediction);
  ring.Commit();
  return std::string_view(lane.json.text());
}

PredictRoute::ModelCounters& PredictRoute::CountersOf(Lane& lane, const std::string& model) {
  for (ModelCounters& counters : lane.counters) {
    if (counters.model == model) return counters;
  }
  lane.counters.push_back({model, &predictions_->With({model}), &latency_->With({model})});
  return lane.counters.back();
}

}  // namespace hone
