#include "api/api.h"

#include <algorithm>

#include "api/decision_span.h"
#include "api/feature_routes.h"
#include "api/routes.h"
#include "base/log.h"
#include "base/sha256.h"
#include "wire/http_span.h"

namespace hone {
namespace {

constexpr std::size_t kRouteSeries = 400;
constexpr Duration kTokensEvery = kSecond / 2;

MetricFamily<Counter>& RequestCounts(MetricRegistry& metrics) {
  return metrics.AddCounter("http_requests_total", "Requests by route and status.", {"route", "status"}, kRouteSeries);
}

// The token of the configuration may do everything.
std::vector<AccessToken> TokensOf(const ApiOptions& options) {
  if (options.token.empty()) return {};
  return {{"configuration", AccessRole::kOperate, Sha256Hex(options.token), 0}};
}

bool SameTokens(const std::vector<AccessToken>& a, const std::vector<AccessToken>& b) {
  return std::ranges::equal(
      a, b, [](const AccessToken& x, const AccessToken& y) { return x.hash == y.hash && x.role == y.role; });
}

}  // namespace

Api::Api(LiveEngine& engine, MetricRegistry& metrics, const Clock& clock, const ApiOptions& options)
    : Api(engine, metrics, clock, options, RequestCounts(metrics)) {}

Api::Api(LiveEngine& engine, MetricRegistry& metrics, const Clock& clock, const ApiOptions& options,
         MetricFamily<Counter>& requests)
    : engine_(&engine),
      metrics_(&metrics),
      tracer_(options.tracer),
      inline_(MakeInlineExecutor()),
      guard_(options.open_without_tokens, options.io_threads, TokensOf(options)),
      routes_(guard_, requests),
      topics_(options.io_threads),
      feed_(topics_),
      predict_(engine, metrics, requests, feed_, clock, options.io_threads, options.seed),
      batch_(engine, predict_.predictions(), feed_, clock, options.io_threads, options.seed),
      inference_(engine, predict_.predictions(), feed_, clock, options.io_threads, options.seed),
      inference_routes_(inference_, guard_, requests, options.version, options.io_threads),
      websocket_(topics_, guard_, predict_, metrics, requests, clock, options.io_threads),
      events_(topics_, engine, clock, options.heartbeat) {
  if (tracer_ != nullptr) {
    events_.OnDecision([tracer = tracer_, lane = options.io_threads](const Decision& decision) {
      tracer->RecordRoot(lane, DecisionSpan(decision));
    });
  }
  AddPredictionRoutes(routes_, engine);
  AddMarketRoutes(routes_, engine, feed_);
  AddFeatureRoutes(routes_, engine, options.worker != nullptr ? *options.worker : *inline_, options.shared_features,
                   metrics);
  AddModelRoutes(routes_, engine);
  AddActRoutes(routes_, engine);
  AddRolloutRoutes(routes_, engine, guard_);
  AddExperimentRoutes(routes_, engine);
  AddDriftCheckRoute(routes_, engine);
  AddRegisterRoutes(routes_, engine, options.worker != nullptr ? *options.worker : *inline_);
  AddAbTestRoute(routes_, engine);
  AddAlertRoutes(routes_, options.alerts, options.worker != nullptr ? *options.worker : *inline_);
  AddHealthRoutes(routes_, engine, metrics, clock, options.version, options.gpu);
  routes_.PostCounted(std::string(PredictRoute::kPath), AccessRole::kPredict,
                      [this](const HttpRequest& request, const PathParameters&, Responder responder) {
                        predict_.Handle(request, std::move(responder));
                      });
  routes_.Post(std::string(BatchRoute::kPath), AccessRole::kPredict,
               [this](const HttpRequest& request, const PathParameters&, const Answer& answer) {
                 batch_.Handle(request, answer);
               });
  routes_.WebSocketGet(std::string(WebSocketRoute::kPath), AccessRole::kRead,
                       [this](const HttpRequest& request, const PathParameters&, Responder responder) {
                         websocket_.Handle(request, std::move(responder));
                       });
  AddServiceRoutes(routes_, guard_, inference_routes_.declared(), options.version);
  AddEngineMetrics(metrics, engine, options.io_threads);
  if (Result<std::vector<AccessToken>> stored = engine.store().tokens.List(); stored.ok()) {
    tokens_ = std::move(stored).value();
    for (int i = 0; i < options.io_threads; ++i) guard_.SetTokens(i, tokens_);
  } else {
    LogError("tokens could not be read", {{"error", stored.error().ToString()}});
    guard_.Close();
  }
}

HttpHandler Api::handler() {
  return [this](const HttpRequest& request, Responder responder) {
    if (tracer_ == nullptr) {
      Handle(request, std::move(responder));
    } else {
      HandleTraced(request, std::move(responder));
    }
  };
}

void Api::Handle(const HttpRequest& request, Responder responder) {
  if (InferenceRoutes::Owns(request)) {
    inference_routes_.Handle(request, std::move(responder));
  } else {
    routes_.Route(request, std::move(responder));
  }
}

void Api::HandleTraced(const HttpRequest& request, Responder responder) {
  const TraceStart start = tracer_->Begin(request.io_thread, request.headers);
  const LogTraceScope scope(start.context.ids);
  if (start.recorded) responder.Trace(OpenHttpSpan(*tracer_, start, request));
  Handle(request, std::move(responder));
}

// Another process creates and revokes them.
void Api::TakeTokens(LiveEngine& core, HttpServer& server) {
  if (core.now() - tokens_read_ < kTokensEvery && core.now() >= tokens_read_) return;
  tokens_read_ = core.now();
  Result<std::vector<AccessToken>> stored = core.store().tokens.List();
  if (!stored.ok()) return LogError("tokens could not be read", {{"error", stored.error().ToString()}});
  if (SameTokens(*stored, tokens_)) return;
  tokens_ = std::move(stored).value();
  for (int i = 0; i < server.io_threads(); ++i) {
    server.Post(i, [this, i, tokens = tokens_] {
      guard_.SetTokens(i, tokens);
      websocket_.CheckTokens(i);
    });
  }
}

std::vector<DeclaredRoute> Api::routes() const {
  std::vector<DeclaredRoute> all = routes_.declared();
  all.insert(all.end(), inference_routes_.declared().begin(), inference_routes_.declared().end());
  return all;
}

void Api::Connect(HttpServer& server) {
  predict_.Connect(server);
  batch_.Connect(server);
  topics_.Connect(server);
  websocket_.Connect(server);
  events_.Connect(server);
  engine_->AfterEachTurn([this, &server](LiveEngine& core) {
    TakeTokens(core, server);
    events_.Look(core);
  });
  inference_.Connect(server);
  engine_->ConnectReaders([&server](int reader, std::function<void()> task) { server.Post(reader, std::move(task)); });
  metrics_->AddGaugeCallback("http_connections_open", "Connections now.",
                             [&server] { return static_cast<double>(server.counts().open); });
  metrics_->AddCounterCallback("http_requests_malformed_total", "Requests refused before any route saw them.",
                               [&server] { return static_cast<double>(server.counts().malformed); });
  metrics_->AddCounterCallback("http_connections_refused_total", "Connections refused with 503: too many are open.",
                               [&server] { return static_cast<double>(server.counts().refused); });
  metrics_->AddCounterCallback("http_connections_timed_out_total", "Connections closed because the client was slow.",
                               [&server] { return static_cast<double>(server.counts().timed_out); });
}

}  // namespace hone
