#include <memory>
#include <utility>
#include <vector>

#include "api/bars_request.h"
#include "api/prediction_json.h"
#include "api/routes.h"
#include "wire/json_writer.h"

namespace hone {
namespace {

// How long a bar of the instrument is, as the models driven by it know; a day where none is.
Duration BarSize(const LiveEngine& core, const std::string& instrument) {
  for (const auto& [name, model] : core.models()) {
    if (model->definition().instrument == instrument) return model->definition().bar_size;
  }
  return kDay;
}

std::string TakenJson(const LiveEngine& core, const LiveEngine::BarsTaken& taken) {
  JsonWriter json;
  json.BeginMap().Member("bars", taken.bars).Member("outcomes", taken.outcomes);
  json.Key("predictions").BeginList();
  for (const Prediction& prediction : taken.predictions) {
    json.BeginMap()
        .Member("prediction_id", prediction.id.ToString())
        .Member("time", FormatTime(prediction.time))
        .Member("model", prediction.model)
        .Member("version", prediction.version)
        .Member("value", prediction.value);
    const LiveIntervals* intervals = core.models().at(prediction.model)->intervals();
    if (intervals != nullptr) WriteInterval(prediction, *intervals->reach(), json);
    json.EndMap();
  }
  json.EndList().Member("feature_values", taken.feature_values);
  if (!taken.features_refused.empty()) json.Member("features_refused", taken.features_refused);
  json.EndMap();
  return json.Take();
}

// `predictions`: those made from the bars.
Result<std::string> TakeBars(LiveEngine& core, BarsRequest request, std::vector<Prediction>& predictions) {
  const Duration bar_size = BarSize(core, request.instrument);
  for (Bar& bar : request.bars) bar.known_at = bar.open_time + bar_size;
  HONE_ASSIGN_OR_RETURN(LiveEngine::BarsTaken taken, core.AddBars(request.instrument, request.bars));
  std::string json = TakenJson(core, taken);
  predictions = std::move(taken.predictions);
  return json;
}

}  // namespace

void AddMarketRoutes(RouteTable& routes, LiveEngine& engine, PredictionFeed& feed) {
  routes.Post("/market/bars", AccessRole::kPredict,
              [&engine, &feed](const HttpRequest& request, const PathParameters&, const Answer& answer) {
                Result<BarsRequest> bars = ReadBarsRequest(request.body);
                if (!bars.ok()) return answer.Send(bars.error());
                auto made = std::make_shared<std::vector<Prediction>>();
                engine.Submit(
                    [bars = std::move(bars).value(), made](LiveEngine& core) { return TakeBars(core, bars, *made); },
                    [answer, made, &feed](Result<std::string> result) {
                      if (result.ok()) {
                        for (const Prediction& prediction : *made) feed.Tell(prediction);
                      }
                      answer.Send(std::move(result));
                    });
              });
}

}  // namespace hone
