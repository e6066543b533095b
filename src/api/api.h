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
//   POST /predict/batch             many rows, by row or by column (batch_route.h)
//   POST /outcomes                  {"prediction_id","value"} -> acknowledged once it and its prediction are durable
//   POST /market/bars               {"instrument","bars":[...]} -> bars, outcomes, predictions
//   GET  /predictions/{id}          the record, `outcome` null or {"value","time"}
//   GET  /models/summary, /models/{name}, /models/{name}/versions | decisions | drift | jobs | shadow
//   GET  /models/{name}/performance?window=N&version=V   running metrics of every version, with intervals
//   GET  /decisions/{id}
//   POST /models/{name}/retrain | rollback | promote
//   GET  /api/v1/rollouts, /api/v1/rollouts/{name}   what is on release, the guard's numbers so far (rollout_json.h)
//   POST /api/v1/rollouts/{name}/pause | resume | advance | abort | unfreeze   {"reason"}
//   GET  /api/v1/experiments?model=M&state=S&kind=K, /api/v1/experiments/{id}   rollouts and A/B tests, running and
//                                   ended: evidence, verdict, shares, guardrails (experiment_json.h)
//   POST /api/v1/drift/checks       {"model"} -> what a drift check finds now; nobody is told and nothing moves
//   GET  /api/v1/shadow-testing/summary   what competes in shadow, of every model
//   POST /models/register           {"name","version","activate","content"|"content_base64"} -> a version from a file
//   POST /models/promote-winner     {"model","version"}
//   POST /models/ab-test            {"model","split":{version:share},"days","bandit":{...}} -> shares of the traffic
//                                   register, ab-test, promote, rollback, acts on rollouts and outcomes honour
//                                   Idempotency-Key (route_table.h)
//   GET  /api/v1/alerts?state=S&severity=S, /api/v1/silences; POST /api/v1/silences {"matchers","seconds"},
//   DELETE /api/v1/silences/{id}
//   GET  /health, /livez, /readyz, /model/status, /metrics
//   /v2...                          the Open Inference Protocol (inference/inference_routes.h), with its own errors
//   GET  /ws                        a WebSocket: topics to follow, commands (websocket/websocket_route.h)
//   GET  /, /docs, /openapi.json                         what there is; openapi/openapi.json describes every route
//
// Who may call: each route states a role (access_guard.h). Tokens that are created or revoked while the server runs
// count within a second. Without tokens the server must listen on loopback only (the caller sees to it). A POST that a
// browser sends for another site (a foreign Origin) is refused.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "api/access_guard.h"
#include "api/batch_route.h"
#include "api/inference/inference.h"
#include "api/inference/inference_routes.h"
#include "api/predict_route.h"
#include "api/route_table.h"
#include "api/websocket/prediction_feed.h"
#include "api/websocket/server_events.h"
#include "api/websocket/topic_hub.h"
#include "api/websocket/websocket_route.h"
#include "base/executor.h"
#include "base/time.h"
#include "engine/live_engine.h"
#include "wire/http_server.h"
#include "wire/prometheus.h"
#include "wire/tracer.h"

namespace hone {

class AlertDesk;

struct ApiOptions {
  int io_threads = 1;      // of the server and of the engine's rings
  std::uint64_t seed = 1;  // of prediction ids and routing draws; must differ from start to start
  std::string token;       // of role operate, beside those of the store (engine/access_token_store.h); "": none
  // Without any token everyone may do everything: for a server that only this machine can reach.
  bool open_without_tokens = true;
  std::string version;                // of the program, told by /health
  Duration heartbeat = 10 * kSecond;  // of the WebSocket's topics heartbeat and metrics
  // Begins a trace for each request, on lanes 0 ... io_threads - 1, and for each decision, on lane io_threads; outlives
  // the Api. Null: none.
  Tracer* tracer = nullptr;
  // What answers large batches of forests, or "none: " and why; told by /model/status.
  std::string gpu = "none: not looked for";
  // Where model files that are registered are read, which may take a second; null: on the I/O thread. It must end
  // before the server and the engine, with every task done. Alerts and silences are read and written there too.
  Executor* worker = nullptr;
  AlertDesk* alerts = nullptr;              // outlives the worker; null: the routes about alerts are answered 503
  SharedLatest* shared_features = nullptr;  // newest values of features, beside memory and disk; outlives the worker
};

class Api {
 public:
  // `engine`, `metrics` and `clock` must outlive it; it must outlive the server.
  Api(LiveEngine& engine, MetricRegistry& metrics, const Clock& clock, const ApiOptions& options);

  // Thread-safe.
  HttpHandler handler();
  // Inference for another transport; on the server's I/O threads.
  Inference& inference() { return inference_; }
  const AccessGuard& guard() const { return guard_; }
  // For what else publishes events.
  TopicHub& topics() { return topics_; }
  // Before the engine and the server run: snapshots go to the server's threads, waiting predictions to its timers.
  void Connect(HttpServer& server);
  // Every route, for comparison with the OpenAPI document.
  std::vector<DeclaredRoute> routes() const;

 private:
  Api(LiveEngine& engine, MetricRegistry& metrics, const Clock& clock, const ApiOptions& options,
      MetricFamily<Counter>& requests);

  void TakeTokens(LiveEngine& core, HttpServer& server);
  void Handle(const HttpRequest& request, Responder responder);
  void HandleTraced(const HttpRequest& request, Responder responder);

  LiveEngine* engine_;
  MetricRegistry* metrics_;
  Tracer* tracer_;
  std::unique_ptr<Executor> inline_;
  AccessGuard guard_;
  std::vector<AccessToken> tokens_;  // of the store, as guard_ has them; the core thread's
  Time tokens_read_ = 0;
  RouteTable routes_;
  TopicHub topics_;
  PredictionFeed feed_;
  PredictRoute predict_;
  BatchRoute batch_;
  Inference inference_;
  InferenceRoutes inference_routes_;
  WebSocketRoute websocket_;
  ServerEvents events_;
};

}  // namespace hone
