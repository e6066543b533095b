#include <algorithm>
#include <utility>

#include "api/model_name.h"
#include "api/routes.h"
#include "wire/json.h"
#include "wire/json_fields.h"
#include "wire/json_writer.h"

namespace hone {
namespace {

void WriteColumn(const ColumnDrift& column, JsonWriter& json) {
  json.BeginMap().Member("name", column.name).Member("status", DriftStatusName(column.status));
  json.Member("drift", column.drift).Member("severity", SeverityName(column.severity));
  json.Member("on", column.on_innovations ? "innovations" : "levels").Member("statistic", column.statistic);
  json.Member("effect", column.effect).Member("p_value", column.p_value).Member("adjusted_p", column.adjusted_p);
  json.Member("smallest_detectable_shift", column.smallest_detectable_shift).Member("needed_rows", column.needed_rows);
  json.Member("reference_rows", column.tests.reference_rows).Member("current_rows", column.tests.current_rows);
  json.EndMap();
}

void WriteReport(const char* key, const std::optional<DriftReport>& report, JsonWriter& json) {
  json.Key(key);
  if (!report) return static_cast<void>(json.Null());
  json.BeginMap().Member("method", report->method).Member("status", DriftStatusName(report->status));
  json.Member("drift", report->drift).Member("severity", SeverityName(report->severity)).Key("columns").BeginList();
  for (const ColumnDrift& column : report->columns) WriteColumn(column, json);
  json.EndList().EndMap();
}

void WriteLoss(const LossDrift& loss, JsonWriter& json) {
  json.Key("performance").BeginMap().Member("status", DriftStatusName(loss.status)).Member("drift", loss.drift);
  json.Member("severity", SeverityName(loss.severity)).Member("rows", loss.rows).Member("since_row", loss.since_row);
  json.Member("reference_mean", loss.reference_mean).Member("limit", loss.limit).Member("mean", loss.mean);
  json.Member("ratio", loss.ratio).Member("log_e", loss.log_e).Member("needed_log_e", loss.needed_log_e).EndMap();
}

Result<std::string> CheckedJson(LiveEngine& core, const std::string& name) {
  HONE_ASSIGN_OR_RETURN(const LiveModel* model, core.FindModel(name));
  const VersionPointer champion = model->loop().routing().champion;
  const DriftMonitor::Found found = model->loop().drift().Look();
  Severity worst = found.loss.drift ? found.loss.severity : Severity::kNone;
  bool drift = found.loss.drift;
  for (const auto& report : {found.features, found.answers}) {
    if (!report) continue;
    drift = drift || report->drift;
    worst = std::max(worst, report->severity);
  }
  JsonWriter json;
  json.BeginMap().Member("model", name);
  json.Member("version", champion ? std::optional(champion->name) : std::nullopt);
  json.Member("time", FormatTime(core.now())).Member("drift", drift).Member("severity", SeverityName(worst));
  WriteReport("features", found.features, json);
  WriteReport("prediction", found.answers, json);
  WriteLoss(found.loss, json);
  json.EndMap();
  return json.Take();
}

Result<std::string> ReadModel(const HttpRequest& request) {
  HONE_ASSIGN_OR_RETURN(const JsonValue body, ParseJson(request.body, {.source = request.path, .bytes = 64U << 10}));
  JsonFields fields(body, request.path);
  std::string model;
  ReadModelName(fields, "model", model);
  HONE_RETURN_IF_ERROR(fields.Finish());
  return model;
}

}  // namespace

void AddDriftCheckRoute(RouteTable& routes, LiveEngine& engine) {
  routes.Post("/api/v1/drift/checks", AccessRole::kOperate,
              [&engine](const HttpRequest& request, const PathParameters&, const Answer& answer) {
                Result<std::string> model = ReadModel(request);
                if (!model.ok()) return answer.Send(model.error());
                Ask(engine, answer,
                    [model = std::move(model).value()](LiveEngine& core) { return CheckedJson(core, model); });
              });
}

}  // namespace hone
