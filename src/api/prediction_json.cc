#include "api/prediction_json.h"

#include "api/votes_json.h"
#include "base/time.h"

namespace hone {
namespace {

void WriteId(const Prediction& prediction, bool abstained, JsonWriter& json) {
  json.Key("prediction_id");
  if (abstained) {
    json.Null();
  } else {
    json.Value(prediction.id.ToString());
  }
}

}  // namespace

void WriteAnswer(std::span<const double> answer, JsonWriter& json) {
  if (answer.size() == 1) {
    json.Value(answer.front());
    return;
  }
  json.BeginList();
  for (const double value : answer) json.Value(value);
  json.EndList();
}

void WritePrediction(const Prediction& prediction, const VotingEnsemble* ensemble, bool abstained, JsonWriter& json) {
  json.BeginMap();
  WriteId(prediction, abstained, json);
  json.Member("model", prediction.model).Member("version", prediction.version).Member("value", prediction.value);
  if (!prediction.values.empty() && !abstained) {
    json.Key("values").BeginList();
    for (const double value : prediction.values) json.Value(value);
    json.EndList();
  }
  json.Member("role", RoleName(prediction.role))
      .Member("propensity", prediction.propensity)
      .Member("time", FormatTime(prediction.time));
  if (ensemble != nullptr) WriteVotes(*ensemble, prediction.votes, json);
  json.EndMap();
}

}  // namespace hone
