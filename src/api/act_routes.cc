#include "api/routes.h"
#include "wire/json.h"
#include "wire/json_fields.h"
#include "wire/json_writer.h"

namespace hone {
namespace {

// The body's `version`; "" for an empty body.
Result<std::string> ReadVersion(const HttpRequest& request, bool required) {
  if (request.body.empty() && !required) return std::string();
  HONE_ASSIGN_OR_RETURN(const JsonValue body, ParseJson(request.body, {.source = request.path, .bytes = 64U << 10}));
  JsonFields fields(body, request.path);
  std::string version;
  if (required) fields.Require("version");
  fields.Read("version", version);
  HONE_RETURN_IF_ERROR(fields.Finish());
  return version;
}

std::string DoneJson(const std::string& model, const char* done, const std::optional<std::string>& active) {
  JsonWriter json;
  json.BeginMap().Member("model", model).Member("done", done).Member("active_version", active).EndMap();
  return json.Take();
}

Result<std::optional<std::string>> ActiveVersion(LiveEngine& core, const std::string& name) {
  if (core.registered().contains(name)) {
    HONE_ASSIGN_OR_RETURN(const std::optional<VersionRecord> active, core.store().versions.Active(name));
    return active ? std::optional(active->number.ToString()) : std::nullopt;
  }
  HONE_ASSIGN_OR_RETURN(const LiveModel* model, core.FindModel(name));
  const VersionPointer champion = model->loop().routing().champion;
  return champion ? std::optional<std::string>(champion->name) : std::nullopt;
}

using Act = Status (LiveEngine::*)(const std::string& model, const std::string& version);
void AddVersionAct(RouteTable& routes, LiveEngine& engine, const char* pattern, const char* done, bool required,
                   Act act) {
  routes.Post(
      pattern, AccessRole::kOperate,
      [&engine, done, required, act](const HttpRequest& request, const PathParameters& path, const Answer& answer) {
        Result<std::string> version = ReadVersion(request, required);
        if (!version.ok()) return answer.Send(version.error());
        AskOnce(engine, request, answer,
                [name = std::string(path.Get("name")), version = *version, done,
                 act](LiveEngine& core) -> Result<std::string> {
                  HONE_RETURN_IF_ERROR((core.*act)(name, version));
                  HONE_ASSIGN_OR_RETURN(const std::optional<std::string> active, ActiveVersion(core, name));
                  return DoneJson(name, done, active);
                });
      });
}

}  // namespace

void AddActRoutes(RouteTable& routes, LiveEngine& engine) {
  routes.Post("/models/{name}/retrain", AccessRole::kOperate,
              [&engine](const HttpRequest&, const PathParameters& path, const Answer& answer) {
                Ask(engine, answer, [name = std::string(path.Get("name"))](LiveEngine& core) -> Result<std::string> {
                  HONE_RETURN_IF_ERROR(core.RequestRetraining(name));
                  HONE_ASSIGN_OR_RETURN(const std::optional<std::string> active, ActiveVersion(core, name));
                  return DoneJson(name, "retraining requested", active);
                });
              });
  AddVersionAct(routes, engine, "/models/{name}/rollback", "rolled back", false, &LiveEngine::RollBack);
  AddVersionAct(routes, engine, "/models/{name}/promote", "promoted", true, &LiveEngine::Promote);
}

}  // namespace hone
