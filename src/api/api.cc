#include "api/api.h"

#include "api/routes.h"

namespace hone {
namespace {

constexpr std::size_t kRouteSeries = 400;

MetricFamily<Counter>& RequestCounts(MetricRegistry& metrics) {
  return metrics.AddCounter("http_requests_total", "Requests by route and status.", {"route", "status"}, kRouteSeries);
}

}  // namespace

Api::Api(LiveEngine& engine, MetricRegistry& metrics, const Clock& clock, const ApiOptions& options)
    : Api(engine, metrics, clock, options, RequestCounts(metrics)) {}

Api::Api(LiveEngine& engine, MetricRegistry& metrics, const Clock& clock, const ApiOptions& options,
         MetricFamily<Counter>& requests)
    : engine_(&engine),
      metrics_(&metrics),
      routes_(options.token, requests),
      predict_(engine, metrics, requests, clock, options.io_threads, options.seed),
      inference_(engine, predict_.predictions(), clock, options.io_threads, options.seed),
      inference_routes_(inference_, requests, options.version, options.io_threads) {
  AddPredictionRoutes(routes_, engine);
  AddMarketRoutes(routes_, engine);
  AddModelRoutes(routes_, engine);
  AddActRoutes(routes_, engine);
  AddHealthRoutes(routes_, engine, metrics, clock, options.version);
  AddEngineMetrics(metrics, engine, options.io_threads);
}

HttpHandler Api::handler() {
  return [this](const HttpRequest& request, Responder responder) {
    if (request.path == PredictRoute::kPath && request.method == "POST") {
      predict_.Handle(request, std::move(responder));
    } else if (InferenceRoutes::Owns(request)) {
      inference_routes_.Handle(request, std::move(responder));
    } else {
      routes_.Route(request, std::move(responder));
    }
  };
}

void Api::Connect(HttpServer& server) {
  predict_.Connect(server);
  inference_.Connect(server);
  engine_->ConnectReaders([&server](int reader, std::function<void()> task) { server.Post(reader, std::move(task)); });
  metrics_->AddGaugeCallback("http_connections_open", "Connections now.",
                             [&server] { return static_cast<double>(server.counts().open); });
  metrics_->AddCounterCallback("http_requests_malformed_total", "Requests refused before any route saw them.",
                               [&server] { return static_cast<double>(server.counts().malformed); });
}

}  // namespace hone
