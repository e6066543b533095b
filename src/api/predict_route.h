// POST /predict/single: read, route, evaluate, log, answer; all on the I/O thread that has the connection.
//
//   {"prediction_id","model","version","value","role","propensity","time"}
//
// Where the policy asks for intervals of the model (performance.intervals), also "interval" (prediction_json.h).
// A model whose answer has several numbers (classes, targets) also tells "values", `value` being the first of them.
// An ensemble also tells how its members voted (votes_json.h); where it abstains "value" and "prediction_id" are null
// and nothing is logged. A full ring first makes the request wait (the connection is not read meanwhile); after the
// ring's patience it gets 503 with Retry-After. Nothing that was answered is missing in the log.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/websocket/prediction_feed.h"
#include "base/time.h"
#include "engine/live_engine.h"
#include "serving/predictor.h"
#include "wire/http_server.h"
#include "wire/json_writer.h"
#include "wire/prometheus.h"

namespace hone {

class PredictRoute {
 public:
  static constexpr std::string_view kPath = "/predict/single";

  // References must outlive it.
  PredictRoute(LiveEngine& engine, MetricRegistry& metrics, MetricFamily<Counter>& requests, PredictionFeed& feed,
               const Clock& clock, int io_threads, std::uint64_t seed);

  // Whose timers waiting requests use; before the first Handle.
  void Connect(HttpServer& server) { server_ = &server; }
  // The count of predictions answered, by model; for whatever else answers some.
  MetricFamily<Counter>& predictions() { return *predictions_; }
  // On the request's I/O thread.
  void Handle(const HttpRequest& request, Responder responder);
  // The same for another transport, which does not wait for room: the answer's JSON, valid until the next prediction on
  // this I/O thread.
  Result<std::string_view> PredictNow(int io_thread, std::string_view body);

 private:
  struct ModelCounters {
    std::string model;
    Counter* predictions;
    Histogram* latency;
  };
  struct Lane {  // of one I/O thread
    Lane(const Clock& clock, std::uint64_t seed) : predictor(clock, seed) {}
    PredictRequestReader reader;
    Predictor predictor;
    JsonWriter json;
    std::vector<ModelCounters> counters;  // by the models met so far
  };
  struct Waiting {
    int io_thread;
    std::string body;
    Responder responder;
    Duration delay;
  };

  RingState Admit(int io_thread);
  void Retry(std::shared_ptr<Waiting> waiting);
  void Send(Responder& responder, HttpResponse response);
  HttpResponse Overloaded();
  HttpResponse Predict(int io_thread, std::string_view body, OpenSpan* span);
  Result<std::string_view> TryPredict(int io_thread, std::string_view body, OpenSpan* span);
  ModelCounters& CountersOf(Lane& lane, const std::string& model);

  LiveEngine* engine_;
  PredictionFeed* feed_;
  const Clock* clock_;
  HttpServer* server_ = nullptr;
  MetricFamily<Counter>* requests_;
  MetricFamily<Counter>* predictions_;
  MetricFamily<Histogram>* latency_;
  Counter* served_;  // requests with status 200
  std::vector<std::unique_ptr<Lane>> lanes_;
};

}  // namespace hone
