#include "api/record_json.h"
#include "api/routes.h"
#include "wire/json.h"
#include "wire/json_fields.h"

namespace hone {
namespace {

struct OutcomeRequest {
  Id prediction;
  double value = 0;
};

Result<OutcomeRequest> ReadOutcome(const std::string& text) {
  HONE_ASSIGN_OR_RETURN(const JsonValue body, ParseJson(text, {.source = "/outcomes", .bytes = 64U << 10}));
  JsonFields fields(body, "/outcomes");
  std::string id;
  OutcomeRequest request;
  fields.Require("prediction_id").Require("value");
  fields.Read("prediction_id", id);
  fields.Read("value", request.value);
  HONE_RETURN_IF_ERROR(fields.Finish());
  Result<Id> parsed = ParseId(id);
  if (!parsed.ok()) return Error{ErrorCode::kInvalidArgument, parsed.error().message, "/outcomes", 0, "prediction_id"};
  request.prediction = *parsed;
  return request;
}

Result<std::string> TakeOutcome(LiveEngine& core, const OutcomeRequest& request) {
  HONE_ASSIGN_OR_RETURN(const LiveEngine::OutcomeTaken taken, core.AddOutcome(request.prediction, request.value));
  JsonWriter json;
  json.BeginMap().Member("prediction_id", request.prediction.ToString()).Member("doubled", taken.doubled).EndMap();
  return json.Take();
}

Result<std::string> FindPrediction(LiveEngine& core, const Id& id) {
  HONE_ASSIGN_OR_RETURN(const std::optional<JoinedPrediction> row, core.store().joined.Find(id));
  if (!row) return Error{ErrorCode::kNotFound, "there is no prediction " + id.ToString()};
  const auto model = core.models().find(row->prediction.model);
  JsonWriter json;
  WritePredictionRecord(
      *row, model == core.models().end() ? std::vector<std::string>() : model->second->definition().model.features,
      json);
  return json.Take();
}

}  // namespace

void AddPredictionRoutes(RouteTable& routes, LiveEngine& engine) {
  routes.Post("/outcomes", AccessRole::kPredict,
              [&engine](const HttpRequest& request, const PathParameters&, const Answer& answer) {
                const Result<OutcomeRequest> outcome = ReadOutcome(request.body);
                if (!outcome.ok()) return answer.Send(outcome.error());
                AskOnce(engine, request, answer,
                        [outcome = *outcome](LiveEngine& core) { return TakeOutcome(core, outcome); });
              });
  routes.Get("/predictions/{id}", AccessRole::kRead,
             [&engine](const HttpRequest&, const PathParameters& path, const Answer& answer) {
               const Result<Id> id = ParseId(path.Get("id"));
               if (!id.ok()) return answer.Send(id.error());
               Ask(engine, answer, [id = *id](LiveEngine& core) { return FindPrediction(core, id); });
             });
}

}  // namespace hone
