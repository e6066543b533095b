#include <utility>

#include "api/ab_test_request.h"
#include "api/model_json.h"
#include "api/routes.h"
#include "wire/json_writer.h"

namespace hone {
namespace {

Result<std::string> SplitTraffic(LiveEngine& core, const AbTestRequest& request) {
  HONE_ASSIGN_OR_RETURN(const std::optional<AbTest> test,
                        core.SplitTraffic(request.model, request.arms, request.terms));
  JsonWriter json;
  json.BeginMap().Member("model", request.model);
  WriteAbTestMember(test, json);
  json.EndMap();
  return json.Take();
}

}  // namespace

void AddAbTestRoute(RouteTable& routes, LiveEngine& engine) {
  routes.Post("/models/ab-test", AccessRole::kOperate,
              [&engine](const HttpRequest& request, const PathParameters&, const Answer& answer) {
                Result<AbTestRequest> read = ReadAbTest(request.body, request.path);
                if (!read.ok()) return answer.Send(read.error());
                AskOnce(engine, request, answer,
                        [read = std::move(read).value()](LiveEngine& core) { return SplitTraffic(core, read); });
              });
}

}  // namespace hone
