#include "api/prediction_json.h"

#include "base/time.h"

namespace hone {

void WritePrediction(const Prediction& prediction, JsonWriter& json) {
  json.BeginMap()
      .Member("prediction_id", prediction.id.ToString())
      .Member("model", prediction.model)
      .Member("version", prediction.version)
      .Member("value", prediction.value);
  if (!prediction.values.empty()) {
    json.Key("values").BeginList();
    for (const double value : prediction.values) json.Value(value);
    json.EndList();
  }
  json.Member("role", RoleName(prediction.role))
      .Member("propensity", prediction.propensity)
      .Member("time", FormatTime(prediction.time))
      .EndMap();
}

}  // namespace hone
