#include <algorithm>
#include <utility>

#include "api/rollout_json.h"
#include "api/routes.h"
#include "engine/rollout_act.h"
#include "wire/json.h"
#include "wire/json_fields.h"
#include "wire/json_writer.h"

namespace hone {
namespace {

constexpr std::ptrdiff_t kLongestReason = 500;

Result<RolloutStatus> StatusOf(LiveEngine& core, const std::string& name) {
  HONE_ASSIGN_OR_RETURN(const LiveModel* model, core.FindModel(name));
  return ReadRolloutStatus(name, model->definition().model.horizon, core.policy().rollout, model->loop().SaveState());
}

Result<std::string> RolloutJson(LiveEngine& core, const std::string& name) {
  HONE_ASSIGN_OR_RETURN(const RolloutStatus status, StatusOf(core, name));
  JsonWriter json;
  WriteRollout(status, json);
  return json.Take();
}

Result<std::string> RolloutsJson(LiveEngine& core) {
  JsonWriter json;
  json.BeginMap().Key("rollouts").BeginList();
  for (const auto& [name, model] : core.models()) {
    HONE_ASSIGN_OR_RETURN(const RolloutStatus status, StatusOf(core, name));
    WriteRollout(status, json);
  }
  json.EndList().EndMap();
  return json.Take();
}

// The body's `reason`; "" for an empty body.
Result<std::string> ReadReason(const HttpRequest& request) {
  if (request.body.empty()) return std::string();
  HONE_ASSIGN_OR_RETURN(const JsonValue body, ParseJson(request.body, {.source = request.path, .bytes = 64U << 10}));
  JsonFields fields(body, request.path);
  std::string reason;
  fields.Read("reason", reason);
  const auto characters = std::ranges::count_if(reason, [](char c) { return (c & 0xC0) != 0x80; });
  if (characters > kLongestReason) fields.Fail("reason", "must be at most 500 characters");
  HONE_RETURN_IF_ERROR(fields.Finish());
  return reason;
}

void AddAct(RouteTable& routes, LiveEngine& engine, const AccessGuard& guard, RolloutAct act) {
  routes.Post(std::string("/api/v1/rollouts/{name}/") + RolloutActName(act), AccessRole::kOperate,
              [&engine, &guard, act](const HttpRequest& request, const PathParameters& path, const Answer& answer) {
                Result<std::string> reason = ReadReason(request);
                if (!reason.ok()) return answer.Send(reason.error());
                OperatorWord word{.why = std::move(reason).value()};
                if (std::string caller = guard.CallerOf(request); !caller.empty()) word.by = std::move(caller);
                AskOnce(engine, request, answer,
                        [name = std::string(path.Get("name")), act,
                         word = std::move(word)](LiveEngine& core) -> Result<std::string> {
                          HONE_RETURN_IF_ERROR(core.ActOnRollout(name, act, word));
                          return RolloutJson(core, name);
                        });
              });
}

}  // namespace

void AddRolloutRoutes(RouteTable& routes, LiveEngine& engine, const AccessGuard& guard) {
  routes.Get("/api/v1/rollouts", AccessRole::kRead,
             [&engine](const HttpRequest&, const PathParameters&, const Answer& answer) {
               Ask(engine, answer, RolloutsJson);
             });
  routes.Get("/api/v1/rollouts/{name}", AccessRole::kRead,
             [&engine](const HttpRequest&, const PathParameters& path, const Answer& answer) {
               Ask(engine, answer,
                   [name = std::string(path.Get("name"))](LiveEngine& core) { return RolloutJson(core, name); });
             });
  for (const RolloutAct act : kRolloutActs) AddAct(routes, engine, guard, act);
}

}  // namespace hone
