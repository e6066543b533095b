// The HTTP surface: translates requests into the engine's words and its answers into JSON. It decides nothing.
//
//   MetricRegistry metrics;
//   Api api(engine, metrics, clock, {.io_threads = 2, .seed = 1});
//   HONE_ASSIGN_OR_RETURN(auto server, HttpServer::Listen({.io_threads = 2}, api.handler()));
//   api.Connect(*server);                 // before any Run
//   threads run server->Run(i), one runs engine.Run()
//
// Routes (errors are application/problem+json):
//   POST /predict/single            {"model","features":{name:value}|[...]} -> prediction; answered on the I/O thread
//   POST /outcomes                  {"prediction_id","value"} -> acknowledged once it and its prediction are durable
//   POST /market/bars               {"instrument","bars":[...]} -> bars, outcomes, predictions
//   GET  /predictions/{id}          the record, `outcome` null or {"value","time"}
//   GET  /models/summary, /models/{name}, /models/{name}/versions | decisions | drift | jobs | shadow
//   GET  /models/{name}/performance?window=N&version=V   running metrics of every version, with intervals
//   GET  /decisions/{id}
//   POST /models/{name}/retrain | rollback | promote
//   GET  /health, /livez, /readyz, /model/status, /metrics
//   /v2...                          the Open Inference Protocol (inference/inference_routes.h), with its own errors
//
// Who may write: with a token, every POST but /predict/single and those of /v2 needs `Authorization: Bearer TOKEN`.
// Without one the server must listen on loopback only (the caller sees to it), and a POST that a browser sends for
// another site (a foreign Origin) is refused.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "api/inference/inference.h"
#include "api/inference/inference_routes.h"
#include "api/predict_route.h"
#include "api/route_table.h"
#include "base/time.h"
#include "engine/live_engine.h"
#include "wire/http_server.h"
#include "wire/prometheus.h"

namespace hone {

struct ApiOptions {
  int io_threads = 1;      // of the server and of the engine's rings
  std::uint64_t seed = 1;  // of prediction ids and routing draws; must differ from start to start
  std::string token;       // "": none
  std::string version;     // of the program, told by /health
};

class Api {
 public:
  // `engine`, `metrics` and `clock` must outlive it; it must outlive the server.
  Api(LiveEngine& engine, MetricRegistry& metrics, const Clock& clock, const ApiOptions& options);

  // Thread-safe.
  HttpHandler handler();
  // Inference for another transport; on the server's I/O threads.
  Inference& inference() { return inference_; }
  // Before the engine and the server run: snapshots go to the server's threads, waiting predictions to its timers.
  void Connect(HttpServer& server);

 private:
  Api(LiveEngine& engine, MetricRegistry& metrics, const Clock& clock, const ApiOptions& options,
      MetricFamily<Counter>& requests);

  LiveEngine* engine_;
  MetricRegistry* metrics_;
  RouteTable routes_;
  PredictRoute predict_;
  Inference inference_;
  InferenceRoutes inference_routes_;
};

}  // namespace hone
