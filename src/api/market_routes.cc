#include "api/bars_request.h"
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

std::string TakenJson(const LiveEngine::BarsTaken& taken) {
  JsonWriter json;
  json.BeginMap().Member("bars", taken.bars).Member("outcomes", taken.outcomes);
  json.Key("predictions").BeginList();
  for (const Prediction& prediction : taken.predictions) {
    json.BeginMap()
        .Member("prediction_id", prediction.id.ToString())
        .Member("time", FormatTime(prediction.time))
        .Member("model", prediction.model)
        .Member("version", prediction.version)
        .Member("value", prediction.value)
        .EndMap();
  }
  json.EndList().EndMap();
  return json.Take();
}

Result<std::string> TakeBars(LiveEngine& core, BarsRequest request) {
  const Duration bar_size = BarSize(core, request.instrument);
  for (Bar& bar : request.bars) bar.known_at = bar.open_time + bar_size;
  HONE_ASSIGN_OR_RETURN(const LiveEngine::BarsTaken taken, core.AddBars(request.instrument, request.bars));
  return TakenJson(taken);
}

}  // namespace

void AddMarketRoutes(RouteTable& routes, LiveEngine& engine) {
  routes.Post("/market/bars", AccessRole::kPredict,
              [&engine](const HttpRequest& request, const PathParameters&, const Answer& answer) {
                Result<BarsRequest> bars = ReadBarsRequest(request.body);
                if (!bars.ok()) return answer.Send(bars.error());
                Ask(engine, answer,
                    [bars = std::move(bars).value()](LiveEngine& core) { return TakeBars(core, bars); });
              });
}

}  // namespace hone
