#include "api/feature_routes.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "api/feature_answers.h"
#include "api/feature_request.h"
#include "api/latest_features.h"

namespace hone {
namespace {

constexpr JsonStyle kStyle = JsonStyle::kCompact;
constexpr std::size_t kMostListed = 1000;

Result<std::string> Register(LiveEngine& core, const std::string& yaml) {
  HONE_ASSIGN_OR_RETURN(RegisteredFeatures * registered, core.features().Registered());
  const Result<Registration> done = registered->Register(yaml, "/api/v1/features", core.now());
  if (done.ok()) return RegistrationJson(*registered, *done, kStyle);
  Error error = done.error();  // the request has its shape; what it says does not fit
  if (error.code == ErrorCode::kInvalidArgument) error.code = ErrorCode::kInvalidData;
  error.line = 0;  // of the YAML, which nobody sent
  return error;
}

Result<std::string> OneJson(const RegisteredFeatures& registered, const std::string& name) {
  HONE_ASSIGN_OR_RETURN(const RegisteredFeature* feature, registered.Find(name));
  JsonWriter json;
  WriteRegistered(*feature, json);
  return json.Take();
}

Result<std::string> StatsJson(LiveStore& store, const RegisteredFeatures& registered, const std::string& name,
                              Time now) {
  HONE_ASSIGN_OR_RETURN(const auto all, StatisticsOfFeature(store, registered, name, ""));
  return StatisticsJson(all, now, kStyle);
}

Result<std::string> LineageOfOne(LiveStore& store, const RegisteredFeatures& registered, const std::string& name,
                                 Time) {
  HONE_ASSIGN_OR_RETURN(const FullLineage found, FullLineageOf(store, registered, name));
  return LineageJson(found, kStyle);
}

using TellOf = Result<std::string> (*)(LiveStore& store, const RegisteredFeatures& registered, const std::string& name,
                                       Time now);

// On the worker, by a connection of its own: a long history must not keep the engine from its turns.
class BesideEngine {
 public:
  BesideEngine(LiveEngine& engine, Executor& worker)
      : folder_(engine.store().folder), engine_(&engine), worker_(&worker) {}

  void Tell(const Answer& answer, const std::string& name, TellOf tell) const {
    worker_->Submit(
        [folder = folder_, answer, name, tell, now = engine_->now()] { answer.Send(Read(folder, name, tell, now)); });
  }

 private:
  static Result<std::string> Read(const std::filesystem::path& folder, const std::string& name, TellOf tell, Time now) {
    HONE_ASSIGN_OR_RETURN(const std::unique_ptr<LiveStore> store, LiveStore::Open(folder, /*read_only=*/true));
    HONE_ASSIGN_OR_RETURN(const RegisteredFeatures registered, RegisteredFeatures::Load(*store->database));
    return tell(*store, registered, name, now);
  }

  std::filesystem::path folder_;
  LiveEngine* engine_;
  Executor* worker_;
};

void AddOfOne(RouteTable& routes, LiveEngine& engine) {
  routes.Get("/api/v1/features/{name}", AccessRole::kRead,
             [&engine](const HttpRequest& request, const PathParameters& path, const Answer& answer) {
               const std::string name(path.Get("name"));
               const Status named = CheckFeatureKey(name, request.path);
               if (!named.ok()) return answer.Send(named.error());
               Ask(engine, answer, [name](LiveEngine& core) -> Result<std::string> {
                 HONE_ASSIGN_OR_RETURN(const RegisteredFeatures* registered, core.features().Registered());
                 return OneJson(*registered, name);
               });
             });
}

void AddHistoryOfOne(RouteTable& routes, const BesideEngine& beside, const std::string& pattern, TellOf tell) {
  routes.Get(pattern, AccessRole::kRead,
             [beside, tell](const HttpRequest& request, const PathParameters& path, const Answer& answer) {
               const std::string name(path.Get("name"));
               const Status named = CheckFeatureKey(name, request.path);
               if (!named.ok()) return answer.Send(named.error());
               beside.Tell(answer, name, tell);
             });
}

void AddList(RouteTable& routes, LiveEngine& engine) {
  routes.Get("/api/v1/features", AccessRole::kRead,
             [&engine](const HttpRequest& request, const PathParameters&, const Answer& answer) {
               Ask(engine, answer,
                   [word = std::string(request.Query("search"))](LiveEngine& core) -> Result<std::string> {
                     HONE_ASSIGN_OR_RETURN(const RegisteredFeatures* registered, core.features().Registered());
                     auto found = FoundFeatures(*registered, word);
                     if (found.size() > kMostListed) found.erase(found.begin(), found.end() - kMostListed);
                     return FoundJson(found, kStyle);
                   });
             });
}

void AddRegistration(RouteTable& routes, LiveEngine& engine) {
  routes.Post("/api/v1/features", AccessRole::kOperate,
              [&engine](const HttpRequest& request, const PathParameters&, const Answer& answer) {
                Result<std::string> yaml = ReadFeatureRegistration(request.body, request.path);
                if (!yaml.ok()) return answer.Send(yaml.error());
                AskOnce(engine, request, answer, [yaml = *yaml](LiveEngine& core) { return Register(core, yaml); });
              });
}

void AddLatest(RouteTable& routes, const std::shared_ptr<LatestFeatures>& latest) {
  routes.Get("/api/v1/features/latest/{entity}", AccessRole::kRead,
             [latest](const HttpRequest&, const PathParameters& path, const Answer& answer) {
               latest->Tell(answer, std::string(path.Get("entity")));
             });
}

}  // namespace

void AddFeatureRoutes(RouteTable& routes, LiveEngine& engine, Executor& worker, SharedLatest* shared,
                      MetricRegistry& metrics) {
  const BesideEngine beside(engine, worker);
  AddList(routes, engine);
  AddRegistration(routes, engine);
  AddLatest(routes, std::make_shared<LatestFeatures>(engine.latest_features(), shared, worker, metrics));
  AddOfOne(routes, engine);
  AddHistoryOfOne(routes, beside, "/api/v1/features/{name}/stats", StatsJson);
  AddHistoryOfOne(routes, beside, "/api/v1/features/{name}/lineage", LineageOfOne);
}

}  // namespace hone
