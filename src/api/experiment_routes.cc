#include <utility>

#include "api/experiment_json.h"
#include "api/list_query.h"
#include "api/model_json.h"
#include "api/routes.h"

namespace hone {
namespace {

ReleaseOf RunningReleases(LiveEngine& core) {
  return [&core](const std::string& name) -> Result<std::optional<RolloutStatus>> {
    const auto found = core.models().find(name);
    if (found == core.models().end()) return std::optional<RolloutStatus>();
    const LiveModel& model = *found->second;
    HONE_ASSIGN_OR_RETURN(RolloutStatus status, ReadRolloutStatus(name, model.definition().model.horizon,
                                                                  core.policy().rollout, model.loop().SaveState()));
    return std::optional(std::move(status));
  };
}

// ?model=NAME&state=running&kind=canary&before=ID&limit=N
Result<ExperimentQuery> ReadExperimentQuery(const HttpRequest& request) {
  ExperimentQuery query{.model = std::string(request.Query("model"))};
  HONE_ASSIGN_OR_RETURN(query.limit, LimitOf(request));
  if (request.HasQuery("state")) {
    query.running = request.Query("state") == "running";
    if (!*query.running && request.Query("state") != "ended") {
      return Error{ErrorCode::kInvalidArgument, "must be running or ended", request.path, 0, "state"};
    }
  }
  if (request.HasQuery("kind")) {
    HONE_ASSIGN_OR_RETURN(query.kind, ParseExperimentKind(request.Query("kind")));
  }
  if (request.HasQuery("before")) {
    HONE_ASSIGN_OR_RETURN(query.before, ParseId(request.Query("before")));
  }
  return query;
}

Result<std::string> ListJsonOf(LiveEngine& core, const ExperimentQuery& query, bool one_model) {
  if (one_model) HONE_RETURN_IF_ERROR(CheckModel(core, query.model));
  HONE_ASSIGN_OR_RETURN(const std::vector<Experiment> experiments,
                        ReadExperiments(core.store(), query, RunningReleases(core), core.now()));
  return ExperimentsJson(experiments);
}

Result<std::string> ExperimentJson(LiveEngine& core, const Id& id) {
  HONE_ASSIGN_OR_RETURN(const Experiment experiment,
                        ReadExperiment(core.store(), id, RunningReleases(core), core.now()));
  JsonWriter json;
  WriteExperiment(experiment, json);
  return json.Take();
}

}  // namespace

void AddExperimentRoutes(RouteTable& routes, LiveEngine& engine) {
  routes.Get("/api/v1/experiments", AccessRole::kRead,
             [&engine](const HttpRequest& request, const PathParameters&, const Answer& answer) {
               const Result<ExperimentQuery> query = ReadExperimentQuery(request);
               if (!query.ok()) return answer.Send(query.error());
               Ask(engine, answer, [query = *query, one_model = request.HasQuery("model")](LiveEngine& core) {
                 return ListJsonOf(core, query, one_model);
               });
             });
  routes.Get("/api/v1/experiments/{id}", AccessRole::kRead,
             [&engine](const HttpRequest&, const PathParameters& path, const Answer& answer) {
               const Result<Id> id = ParseId(path.Get("id"));
               if (!id.ok()) return answer.Send(id.error());
               Ask(engine, answer, [id = *id](LiveEngine& core) { return ExperimentJson(core, id); });
             });
  routes.Get("/api/v1/shadow-testing/summary", AccessRole::kRead,
             [&engine](const HttpRequest&, const PathParameters&, const Answer& answer) {
               Ask(engine, answer, ShadowSummaryJson);
             });
}

}  // namespace hone
