#include "api/list_query.h"
#include "api/model_json.h"
#include "api/record_json.h"
#include "api/routes.h"
#include "engine/model_performance.h"

namespace hone {
namespace {

// {"model":name,key:[...]}
template <typename Row, typename Write>
std::string ListJson(const std::string& model, const char* key, const std::vector<Row>& rows, const Write& write) {
  JsonWriter json;
  json.BeginMap().Member("model", model).Key(key).BeginList();
  for (const Row& row : rows) write(row, json);
  json.EndList().EndMap();
  return json.Take();
}

Result<std::string> VersionsJson(LiveEngine& core, const std::string& model, std::int64_t) {
  HONE_ASSIGN_OR_RETURN(const std::vector<VersionRecord> rows, core.store().versions.List(model));
  return ListJson(model, "versions", rows, WriteVersion);
}

Result<std::string> DriftJson(LiveEngine& core, const std::string& model, std::int64_t limit) {
  HONE_ASSIGN_OR_RETURN(const std::vector<DriftEvent> rows, core.store().drift.List({.model = model, .limit = limit}));
  return ListJson(model, "drift", rows, WriteDriftEvent);
}

Result<std::string> JobsJson(LiveEngine& core, const std::string& model, std::int64_t limit) {
  HONE_ASSIGN_OR_RETURN(const std::vector<JobRecord> rows, core.store().jobs.List(model, limit));
  return ListJson(model, "jobs", rows, WriteJob);
}

Result<std::string> DecisionsJson(LiveEngine& core, const DecisionQuery& query) {
  HONE_ASSIGN_OR_RETURN(const std::vector<Decision> rows, core.store().decisions.List(query));
  return ListJson(query.model, "decisions", rows, WriteDecision);
}

Result<std::string> DecisionJson(LiveEngine& core, const Id& id) {
  HONE_ASSIGN_OR_RETURN(const std::optional<Decision> decision, core.store().decisions.Find(id));
  if (!decision) return Error{ErrorCode::kNotFound, "there is no decision " + id.ToString()};
  JsonWriter json;
  WriteDecision(*decision, json);
  return json.Take();
}

// A list about one model that exists.
using ListOf = Result<std::string> (*)(LiveEngine& core, const std::string& model, std::int64_t limit);
void AddList(RouteTable& routes, LiveEngine& engine, const std::string& pattern, ListOf list) {
  routes.Get(
      pattern, AccessRole::kRead,
      [&engine, list](const HttpRequest& request, const PathParameters& path, const Answer& answer) {
        const Result<std::int64_t> limit = LimitOf(request);
        if (!limit.ok()) return answer.Send(limit.error());
        Ask(engine, answer,
            [list, name = std::string(path.Get("name")), limit = *limit](LiveEngine& core) -> Result<std::string> {
              HONE_RETURN_IF_ERROR(CheckModel(core, name));
              return list(core, name, limit);
            });
      });
}

// ?kind=promote&before=ID&limit=N
Result<DecisionQuery> ReadDecisionQuery(const HttpRequest& request, std::string_view model) {
  DecisionQuery query{.model = std::string(model)};
  HONE_ASSIGN_OR_RETURN(query.limit, LimitOf(request));
  if (request.HasQuery("kind")) {
    HONE_ASSIGN_OR_RETURN(query.kind, ParseDecisionKind(request.Query("kind")));
  }
  if (request.HasQuery("before")) {
    HONE_ASSIGN_OR_RETURN(query.before, ParseId(request.Query("before")));
  }
  return query;
}

// ?model=NAME&severity=S&before=ID&limit=N
Result<DriftEventQuery> ReadDriftQuery(const HttpRequest& request) {
  DriftEventQuery query{.model = std::string(request.Query("model"))};
  HONE_ASSIGN_OR_RETURN(query.limit, LimitOf(request));
  if (request.HasQuery("severity")) {
    HONE_ASSIGN_OR_RETURN(query.at_least, ParseSeverity(request.Query("severity")));
  }
  if (request.HasQuery("before")) {
    HONE_ASSIGN_OR_RETURN(query.before, ParseId(request.Query("before")));
  }
  return query;
}

void AddDriftEvents(RouteTable& routes, LiveEngine& engine) {
  routes.Get("/api/v1/drift/events", AccessRole::kRead,
             [&engine](const HttpRequest& request, const PathParameters&, const Answer& answer) {
               const Result<DriftEventQuery> query = ReadDriftQuery(request);
               if (!query.ok()) return answer.Send(query.error());
               const bool one_model = request.HasQuery("model");
               Ask(engine, answer, [query = *query, one_model](LiveEngine& core) -> Result<std::string> {
                 if (one_model) HONE_RETURN_IF_ERROR(CheckModel(core, query.model));
                 return DriftEventsJson(core.store().drift, query);
               });
             });
}

void AddDecisions(RouteTable& routes, LiveEngine& engine) {
  routes.Get("/models/{name}/decisions", AccessRole::kRead,
             [&engine](const HttpRequest& request, const PathParameters& path, const Answer& answer) {
               const Result<DecisionQuery> query = ReadDecisionQuery(request, path.Get("name"));
               if (!query.ok()) return answer.Send(query.error());
               Ask(engine, answer, [query = *query](LiveEngine& core) -> Result<std::string> {
                 HONE_RETURN_IF_ERROR(CheckModel(core, query.model));
                 return DecisionsJson(core, query);
               });
             });
  routes.Get("/decisions/{id}", AccessRole::kRead,
             [&engine](const HttpRequest&, const PathParameters& path, const Answer& answer) {
               const Result<Id> id = ParseId(path.Get("id"));
               if (!id.ok()) return answer.Send(id.error());
               Ask(engine, answer, [id = *id](LiveEngine& core) { return DecisionJson(core, id); });
             });
}

// ?window=N&version=V
void AddPerformance(RouteTable& routes, LiveEngine& engine) {
  routes.Get(
      "/models/{name}/performance", AccessRole::kRead,
      [&engine](const HttpRequest& request, const PathParameters& path, const Answer& answer) {
        const Result<std::int64_t> window = NumberOf(request, "window", 0, kLargestPerformanceWindow);
        if (!window.ok()) return answer.Send(window.error());
        Ask(engine, answer,
            [name = std::string(path.Get("name")), window = *window, version = std::string(request.Query("version"))](
                LiveEngine& core) { return PerformanceJson(core, name, window, version); });
      });
}

}  // namespace

void AddModelRoutes(RouteTable& routes, LiveEngine& engine) {
  routes.Get("/models/summary", AccessRole::kRead,
             [&engine](const HttpRequest&, const PathParameters&, const Answer& answer) {
               Ask(engine, answer, ModelsSummaryJson);
             });
  routes.Get("/models/{name}", AccessRole::kRead,
             [&engine](const HttpRequest&, const PathParameters& path, const Answer& answer) {
               Ask(engine, answer,
                   [name = std::string(path.Get("name"))](LiveEngine& core) { return ModelJson(core, name); });
             });
  routes.Get("/models/{name}/shadow", AccessRole::kRead,
             [&engine](const HttpRequest&, const PathParameters& path, const Answer& answer) {
               Ask(engine, answer,
                   [name = std::string(path.Get("name"))](LiveEngine& core) { return ShadowJson(core, name); });
             });
  AddList(routes, engine, "/models/{name}/versions", VersionsJson);
  AddList(routes, engine, "/models/{name}/drift", DriftJson);
  AddList(routes, engine, "/models/{name}/jobs", JobsJson);
  AddDriftEvents(routes, engine);
  AddDecisions(routes, engine);
  AddPerformance(routes, engine);
}

}  // namespace hone
