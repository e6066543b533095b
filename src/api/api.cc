#include "api/api.h"

#include "api/routes.h"
#include "base/sha256.h"

namespace hone {
namespace {

constexpr std::size_t kRouteSeries = 400;

MetricFamily<Counter>& RequestCounts(MetricRegistry& metrics) {
  return metrics.AddCounter("http_requests_total", "Requests by route and status.", {"route", "status"}, kRouteSeries);
}

// The token of the configuration may do everything.
std::vector<AccessToken> TokensOf(const ApiOptions& options) {
  if (options.token.empty()) return {};
  return {{"configuration", AccessRole::kOperate, Sha256Hex(options.token), 0}};
}

}  // namespace

Api::Api(LiveEngine& engine, MetricRegistry& metrics, const Clock& clock, const ApiOptions& options)
    : Api(engine, metrics, clock, options, RequestCounts(metrics)) {}

Api::Api(LiveEngine& engine, MetricRegistry& metrics, const Clock& clock, const ApiOptions& options,
         MetricFamily<Counter>& requests)
    : engine_(&engine),
      metrics_(&metrics),
      guard_(options.open_without_tokens, options.io_threads, TokensOf(options)),
      routes_(guard_, requests),
      predict_(engine, metrics, requests, clock, options.io_threads, options.seed) {
  AddPredictionRoutes(routes_, engine);
  AddMarketRoutes(routes_, engine);
  AddModelRoutes(routes_, engine);
  AddActRoutes(routes_, engine);
  AddHealthRoutes(routes_, engine, metrics, clock, options.version);
  routes_.PostCounted(std::string(PredictRoute::kPath), AccessRole::kPredict,
                      [this](const HttpRequest& request, const PathParameters&, Responder responder) {
                        predict_.Handle(request, std::move(responder));
                      });
  AddServiceRoutes(routes_, guard_, options.version);
  AddEngineMetrics(metrics, engine, options.io_threads);
}

HttpHandler Api::handler() {
  return [this](const HttpRequest& request, Responder responder) { routes_.Route(request, std::move(responder)); };
}

void Api::Connect(HttpServer& server) {
  predict_.Connect(server);
  engine_->ConnectReaders([&server](int reader, std::function<void()> task) { server.Post(reader, std::move(task)); });
  metrics_->AddGaugeCallback("http_connections_open", "Connections now.",
                             [&server] { return static_cast<double>(server.counts().open); });
  metrics_->AddCounterCallback("http_requests_malformed_total", "Requests refused before any route saw them.",
                               [&server] { return static_cast<double>(server.counts().malformed); });
}

}  // namespace hone
