#include "api/predict_route.h"

#include <fmt/format.h>

#include <algorithm>

#include "api/served_model.h"
#include "api/votes_json.h"
#include "wire/http_problem.h"

namespace hone {
namespace {

constexpr Duration kFirstRetry = kMillisecond;
constexpr Duration kLongestRetry = 8 * kMillisecond;

// Of an abstention there is no value, and no prediction that an outcome could be joined with.
void WritePrediction(const Prediction& prediction, const ModelSnapshot& snapshot, bool abstained, JsonWriter& json) {
  json.Clear();
  json.BeginMap().Key("prediction_id");
  if (abstained) {
    json.Null();
  } else {
    json.Value(prediction.id.ToString());
  }
  json.Member("model", prediction.model).Member("version", prediction.version).Member("value", prediction.value);
  if (!prediction.values.empty() && !abstained) {
    json.Key("values").BeginList();
    for (const double value : prediction.values) json.Value(value);
    json.EndList();
  }
  json.Member("role", RoleName(prediction.role))
      .Member("propensity", prediction.propensity)
      .Member("time", FormatTime(prediction.time));
  if (!prediction.votes.empty()) {
    WriteVotes(*snapshot.FindVersion(prediction.version)->model->ensemble(), prediction.votes, json);
  }
  json.EndMap();
}

}  // namespace

PredictRoute::PredictRoute(LiveEngine& engine, MetricRegistry& metrics, MetricFamily<Counter>& requests,
                           const Clock& clock, int io_threads, std::uint64_t seed)
    : engine_(&engine),
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
    case RingState::kRoom: Send(responder, Predict(request.io_thread, request.body)); return;
    case RingState::kOverload: Send(responder, Overloaded()); return;
    case RingState::kWait: break;
  }
  Retry(std::make_shared<Waiting>(Waiting{request.io_thread, request.body, std::move(responder), kFirstRetry}));
}

void PredictRoute::Retry(std::shared_ptr<Waiting> waiting) {
  const int io_thread = waiting->io_thread;
  const Duration delay = waiting->delay;
  server_->PostAfter(io_thread, delay, [this, waiting = std::move(waiting)] {
    switch (Admit(waiting->io_thread)) {
      case RingState::kRoom: Send(waiting->responder, Predict(waiting->io_thread, waiting->body)); return;
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
  responder.Send(std::move(response));
}

HttpResponse PredictRoute::Overloaded() {
  return ProblemResponse({ErrorCode::kUnavailable, "predictions come faster than they can be stored; try again"});
}

HttpResponse PredictRoute::Predict(int io_thread, std::string_view body) {
  Result<HttpResponse> response = TryPredict(io_thread, body);
  return response.ok() ? std::move(response).value() : ProblemResponse(response.error());
}

Result<HttpResponse> PredictRoute::TryPredict(int io_thread, std::string_view body) {
  Lane& lane = *lanes_[static_cast<std::size_t>(io_thread)];
  PredictionRing& ring = engine_->ring(io_thread);
  HONE_ASSIGN_OR_RETURN(const PredictRequest* request, lane.reader.Read(body));
  HONE_ASSIGN_OR_RETURN(const ModelSnapshot* snapshot,
                        PeekServedModel(*engine_->snapshots(io_thread), request->model, kPath));
  Prediction& prediction = ring.slot();
  HONE_ASSIGN_OR_RETURN(const AnswerNotes notes, lane.predictor.Predict(*snapshot, *request, prediction));
  WritePrediction(prediction, *snapshot, notes.abstained, lane.json);
  if (notes.abstained) return JsonResponse(lane.json.text());
  ModelCounters& counters = CountersOf(lane, prediction.model);
  counters.predictions->Add();
  counters.latency->Observe(static_cast<double>(prediction.latency) / kSecond);
  ring.Commit();
  return JsonResponse(lane.json.text());
}

PredictRoute::ModelCounters& PredictRoute::CountersOf(Lane& lane, const std::string& model) {
  for (ModelCounters& counters : lane.counters) {
    if (counters.model == model) return counters;
  }
  lane.counters.push_back({model, &predictions_->With({model}), &latency_->With({model})});
  return lane.counters.back();
}

}  // namespace hone
