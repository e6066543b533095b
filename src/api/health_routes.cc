#include <atomic>
#include <cmath>
#include <memory>
#include <set>

#include "api/performance_refresh.h"
#include "api/routes.h"
#include "base/log.h"
#include "models/forest/forest.h"
#include "models/onnx_runtime/onnx_runtime_status.h"
#include "wire/http_problem.h"
#include "wire/json_writer.h"

namespace hone {
namespace {

// The models that have to answer: those there were at the start. `hone train` adds no model to a folder in service.
std::vector<std::string> ModelNames(const LiveEngine& engine) {
  std::vector<std::string> names;
  for (const auto& [name, model] : engine.models()) names.push_back(name);
  return names;
}

HttpResponse Readiness(const LiveEngine& engine, int io_thread, const std::vector<std::string>& models) {
  const SnapshotSet& set = *engine.snapshots(io_thread);
  for (const std::string& model : models) {
    if (set.Find(model) == nullptr) return ProblemResponse(503, "model " + model + " has no active version yet");
  }
  if (!engine.healthy()) return ProblemResponse(503, "the store cannot be written");
  JsonWriter json;
  json.BeginMap().Member("status", "ready").Member("models", set.snapshots().size());
  if (set.snapshots().empty()) {
    json.Member("note", "no model in this folder yet: train one with `hone train` or register a file");
  }
  json.EndMap();
  return JsonResponse(json.Take());
}

HttpResponse Health(const LiveEngine& engine, Duration uptime, const std::string& version) {
  const bool healthy = engine.healthy();
  JsonWriter json;
  json.BeginMap()
      .Member("status", healthy ? "ok" : "degraded")
      .Member("version", version)
      .Member("uptime_seconds", uptime / kSecond)
      .Member("store_writable", healthy)
      .Member("predictions_stored", engine.predictions_stored())
      .Member("outcomes_stored", engine.outcomes_stored())
      .EndMap();
  return JsonResponse(json.Take(), healthy ? 200 : 503);
}

void WriteShare(const ChallengerVersion& challenger, JsonWriter& json) {
  json.BeginMap().Member("version", challenger.live.version).Member("share", challenger.share).EndMap();
}

// The canary of a rollout, or the versions that an A/B test compares with the champion.
void WriteChallengers(const ModelSnapshot& snapshot, JsonWriter& json) {
  json.Key("canary");
  if (snapshot.ab_test() || snapshot.challengers().empty()) {
    json.Null();
  } else {
    WriteShare(snapshot.challengers().front(), json);
  }
  if (!snapshot.ab_test()) return;
  json.Key("ab_test").BeginList();
  for (const ChallengerVersion& challenger : snapshot.challengers()) WriteShare(challenger, json);
  json.EndList();
}

void WriteServedModel(const ModelSnapshot& snapshot, JsonWriter& json) {
  json.BeginMap()
      .Member("name", snapshot.model())
      .Member("status", snapshot.frozen() ? "frozen" : "serving")
      .Member("version", snapshot.champion().version)
      .Member("kernel", KernelOf(*snapshot.champion().model));
  WriteChallengers(snapshot, json);
  json.Key("shadows").BeginList();
  for (const LiveVersion& shadow : snapshot.shadows()) json.Value(shadow.version);
  json.EndList().EndMap();
}

void WriteOnnxProvider(const OnnxProviderStatus& provider, JsonWriter& json) {
  json.BeginMap().Member("name", provider.name).Member("models", provider.models).Key("reason");
  if (provider.reason.empty()) {
    json.Null();
  } else {
    json.Value(provider.reason);
  }
  json.EndMap();
}

// Which provider of ONNX Runtime runs graphs, and why others do not.
void WriteOnnxRuntime(JsonWriter& json) {
  const OnnxRuntimeStatus status = CurrentOnnxRuntime();
  using State = OnnxRuntimeStatus::State;
  json.BeginMap();
  switch (status.state) {
    case State::kNotOpened: json.Member("status", "not opened"); break;
    case State::kUnavailable: json.Member("status", "unavailable").Member("reason", status.reason); break;
    case State::kOpen: json.Member("status", "open").Member("version", status.version); break;
  }
  json.Key("providers").BeginList();
  for (const OnnxProviderStatus& provider : status.providers) WriteOnnxProvider(provider, json);
  json.EndList().EndMap();
}

// Every model that is served, and those that should be but have no active version yet; by name.
HttpResponse ModelStatus(const SnapshotSet& set, const std::vector<std::string>& models, const std::string& gpu) {
  std::set<std::string> names(models.begin(), models.end());
  for (const SnapshotPointer& snapshot : set.snapshots()) names.insert(snapshot->model());
  JsonWriter json;
  json.BeginMap().Member("gpu", gpu).Key("models").BeginList();
  for (const std::string& model : names) {
    if (const ModelSnapshot* snapshot = set.Find(model)) {
      WriteServedModel(*snapshot, json);
    } else {
      json.BeginMap().Member("name", model).Member("status", "no active version").EndMap();
    }
  }
  json.EndList().Key("onnx_runtime");
  WriteOnnxRuntime(json);
  json.EndMap();
  return JsonResponse(json.Take());
}

double RingTotal(LiveEngine& engine, int io_threads, std::uint64_t (PredictionRing::*count)() const) {
  double total = 0;
  for (int i = 0; i < io_threads; ++i) total += static_cast<double>((engine.ring(i).*count)());
  return total;
}

using ModelNumber = double (*)(const ModelFigures& figures);

// One number of every model that has it.
std::function<std::vector<MetricRegistry::Series>()> OfEveryModel(const LiveEngine& engine, ModelNumber number) {
  return [&engine, number] {
    std::vector<MetricRegistry::Series> series;
    for (const auto& [name, figures] : engine.figures()) {
      if (const double value = number(figures); !std::isnan(value)) series.push_back({name, value});
    }
    return series;
  };
}

void AddModelMetrics(MetricRegistry& metrics, LiveEngine& engine) {
  const auto count = [&](const char* name, const char* help, ModelNumber number) {
    metrics.AddCounterCallback(name, help, "model", OfEveryModel(engine, number));
  };
  const auto gauge = [&](const char* name, const char* help, ModelNumber number) {
    metrics.AddGaugeCallback(name, help, "model", OfEveryModel(engine, number));
  };
  count("model_retrainings_total", "Retraining jobs begun, without the first.",
        [](const ModelFigures& figures) { return static_cast<double>(figures.retrainings); });
  count("model_promotions_total", "Versions promoted, by the loop or by hand.",
        [](const ModelFigures& figures) { return static_cast<double>(figures.promotions); });
  count("model_rollbacks_total", "Versions taken back, by the loop or by hand.",
        [](const ModelFigures& figures) { return static_cast<double>(figures.rollbacks); });
  gauge("model_champion_rows", "Matured predictions the champion is measured on, as of the scrape before.",
        [](const ModelFigures& figures) { return static_cast<double>(figures.rows); });
  gauge("model_champion_rmse", "RMSE of the champion on them.",
        [](const ModelFigures& figures) { return figures.rmse.load(); });
  gauge("model_champion_rmse_low", "Lower end of its interval.",
        [](const ModelFigures& figures) { return figures.rmse_low.load(); });
  gauge("model_champion_rmse_high", "Upper end of its interval.",
        [](const ModelFigures& figures) { return figures.rmse_high.load(); });
  count("model_intervals_judged_total", "Prediction intervals told whose outcome is known.",
        [](const ModelFigures& figures) { return static_cast<double>(figures.intervals_judged); });
  count("model_intervals_held_total", "Of these, those that held the outcome.",
        [](const ModelFigures& figures) { return static_cast<double>(figures.intervals_held); });
  gauge("model_interval_coverage", "Share of the newest of these that held the outcome.",
        [](const ModelFigures& figures) { return figures.interval_coverage.load(); });
}

void AddFeatureMetrics(MetricRegistry& metrics, LiveEngine& engine) {
  const OnlineFeatures::Counts& counts = engine.feature_counts();
  metrics.AddCounterCallback("feature_bars_total", "Posted bars that the feature store took.",
                             [&counts] { return static_cast<double>(counts.bars); });
  metrics.AddCounterCallback("feature_values_total", "Values of features written for posted bars.",
                             [&counts] { return static_cast<double>(counts.values); });
  metrics.AddCounterCallback("feature_folds_total", "Times an instrument's features were run from its first bar.",
                             [&counts] { return static_cast<double>(counts.folds); });
  metrics.AddGaugeCallback("feature_instruments_folded", "Instruments whose features wait in memory for the next bar.",
                           [&counts] { return static_cast<double>(counts.folded); });
  metrics.AddGaugeCallback("feature_instruments_latest", "Instruments whose newest values are in memory.",
                           [&engine] { return static_cast<double>(engine.latest_features().size()); });
}

}  // namespace

void AddHealthRoutes(RouteTable& routes, LiveEngine& engine, MetricRegistry& metrics, const Clock& clock,
                     const std::string& version, const std::string& gpu) {
  const std::vector<std::string> models = ModelNames(engine);
  routes.Get("/livez", AccessRole::kNone, [](const HttpRequest&, const PathParameters&, const Answer& answer) {
    answer.Send(JsonResponse(R"({"status":"alive"})"));
  });
  routes.Get("/readyz", AccessRole::kNone,
             [&engine, models](const HttpRequest& request, const PathParameters&, const Answer& answer) {
               answer.Send(Readiness(engine, request.io_thread, models));
             });
  routes.Get("/health", AccessRole::kNone,
             [&engine, &clock, version, started = clock.Now()](const HttpRequest&, const PathParameters&,
                                                               const Answer& answer) {
               answer.Send(Health(engine, clock.Now() - started, version));
             });
  routes.Get("/model/status", AccessRole::kRead,
             [&engine, models, gpu](const HttpRequest& request, const PathParameters&, const Answer& answer) {
               answer.Send(ModelStatus(*engine.snapshots(request.io_thread), models, gpu));
             });
  // Answered with what is known, so that a busy engine keeps no scraper waiting.
  routes.Get("/metrics", AccessRole::kRead,
             [&metrics, refresh = PerformanceRefresh(engine)](const HttpRequest&, const PathParameters&,
                                                              const Answer& answer) {
               HttpResponse response = TextResponse(metrics.Render());
               refresh.Ask();  // for the next scrape, whenever that comes
               response.content_type = MetricRegistry::kContentType;
               answer.Send(std::move(response));
             });
}

void AddEngineMetrics(MetricRegistry& metrics, LiveEngine& engine, int io_threads) {
  metrics.AddCounterCallback("model_outcomes_total", "Outcomes stored.",
                             [&engine] { return static_cast<double>(engine.outcomes_stored()); });
  metrics.AddCounterCallback("model_predictions_stored_total", "Predictions stored.",
                             [&engine] { return static_cast<double>(engine.predictions_stored()); });
  metrics.AddCounterCallback("prediction_ring_waits_total", "Times a prediction waited for the store.",
                             [&engine, io_threads] { return RingTotal(engine, io_threads, &PredictionRing::waits); });
  metrics.AddCounterCallback(
      "prediction_ring_overloads_total", "Predictions refused with 503 because the store was behind.",
      [&engine, io_threads] { return RingTotal(engine, io_threads, &PredictionRing::overloads); });
  metrics.AddGaugeCallback("store_writable", "1 while turns can be stored, 0 when not (disk full).",
                           [&engine] { return engine.healthy() ? 1.0 : 0.0; });
  AddModelMetrics(metrics, engine);
  AddFeatureMetrics(metrics, engine);
}

}  // namespace hone
