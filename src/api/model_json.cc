#include "api/model_json.h"

#include <map>
#include <optional>

#include "api/performance_json.h"
#include "api/record_json.h"
#include "engine/model_performance.h"

namespace hone {
namespace {

void WriteStages(const std::vector<VersionRecord>& versions, JsonWriter& json) {
  std::map<Stage, int> counts;
  for (const VersionRecord& version : versions) ++counts[version.stage];
  json.Key("stages").BeginMap();
  for (const auto& [stage, count] : counts) json.Member(StageName(stage), count);
  json.EndMap();
}

// The members of a summary, inside a map that is open.
Status WriteSummaryMembers(LiveStore& store, const std::string& name, const ImprovementLoop* loop, JsonWriter& json) {
  HONE_ASSIGN_OR_RETURN(const std::optional<StoredDefinition> definition, store.definitions.Find(name));
  HONE_ASSIGN_OR_RETURN(const std::vector<VersionRecord> versions, store.versions.List(name));
  std::optional<std::string> active;
  for (const VersionRecord& version : versions) {
    if (version.stage == Stage::kActive) active = version.number.ToString();
  }
  json.Member("name", name).Member("active_version", active);
  if (definition) {
    json.Member("target", definition->model.target)
        .Member("horizon", definition->model.horizon)
        .Member("instrument", definition->instrument);
  }
  WriteStages(versions, json);
  HONE_ASSIGN_OR_RETURN(const std::optional<AbTest> test, store.ab_tests.Running(name));
  WriteAbTestMember(test, json);
  if (loop == nullptr) return OkStatus();
  json.Key("counts")
      .BeginMap()
      .Member("retrains", loop->counts().retrains)
      .Member("promotions", loop->counts().promotions)
      .Member("rollbacks", loop->counts().rollbacks)
      .EndMap();
  return OkStatus();
}

void WriteVersionName(const char* key, const VersionPointer& version, JsonWriter& json) {
  json.Key(key).Value(version ? std::optional<std::string>(version->name) : std::nullopt);
}

void WriteRouting(const ImprovementLoop::Routing& routing, JsonWriter& json) {
  json.Key("routing").BeginMap();
  WriteVersionName("champion", routing.champion, json);
  WriteVersionName("challenger", routing.challenger, json);
  json.Member("share", routing.share).Member("frozen", routing.frozen).EndMap();
}

// Paired with what was served, since the championship began.
void WriteGain(const Judgement& judgement, double recent_gain, JsonWriter& json) {
  const PairedEvidence& evidence = judgement.evidence;
  json.Key("gain").BeginMap().Member("verdict", VerdictName(judgement.verdict)).Member("rows", evidence.rows);
  json.Member("mean", evidence.mean).Key("interval").BeginList().Value(evidence.low).Value(evidence.high).EndList();
  json.Member("recent", recent_gain).Member("log_e", evidence.log_e).Member("threshold", judgement.threshold).EndMap();
}

void WriteLines(const ImprovementLoop& loop, JsonWriter& json) {
  const VersionPointer champion = loop.routing().champion;
  json.Key("lines").BeginList();
  for (std::size_t i = 0; i < loop.lines().size(); ++i) {
    const Line& line = loop.lines()[i];
    json.BeginMap().Member("recipe", loop.recipes()[i].name);
    WriteVersionName("version", line.current, json);
    json.Member("champion", champion && line.current == champion).Member("rows", line.losses.count());
    json.Member("mean_loss", line.losses.mean()).Member("recent_loss", line.losses.recent_mean());
    json.Key("licence").BeginMap().Member("held", line.practice.held()).Member("rows", line.practice.rows()).EndMap();
    const int candidate = static_cast<int>(i);
    WriteGain(loop.championship().Judge(candidate), loop.championship().RecentGain(candidate), json);
    json.EndMap();
  }
  json.EndList();
}

void WriteShadow(const std::string& name, const ImprovementLoop& loop, JsonWriter& json) {
  json.BeginMap().Member("model", name);
  const ImprovementLoop::Routing routing = loop.routing();
  WriteVersionName("champion", routing.champion, json);
  WriteVersionName("challenger", routing.challenger, json);
  WriteLines(loop, json);
  json.EndMap();
}

}  // namespace

void WriteAbTestMember(const std::optional<AbTest>& test, JsonWriter& json) {
  json.Key("ab_test");
  if (!test) return static_cast<void>(json.Null());
  json.BeginMap().Member("id", test->id.ToString()).Member("started", FormatTime(test->started));
  json.Member("deadline", test->deadline ? std::optional(FormatTime(*test->deadline)) : std::nullopt);
  json.Key("split").BeginList();
  for (const AbArm& arm : test->arms) {
    json.BeginMap().Member("version", arm.version).Member("share", arm.share).EndMap();
  }
  json.EndList().Member("bandit", test->bandit ? std::optional(test->bandit->algorithm) : std::nullopt);
  json.Member("round", test->round).EndMap();
}

Status WriteModelSummary(LiveStore& store, const std::string& name, const ImprovementLoop* loop, JsonWriter& json) {
  json.BeginMap();
  HONE_RETURN_IF_ERROR(WriteSummaryMembers(store, name, loop, json));
  json.EndMap();
  return OkStatus();
}

Result<std::string> ModelsSummaryJson(LiveEngine& core) {
  JsonWriter json;
  json.BeginMap().Key("models").BeginList();
  for (const auto& [name, model] : core.models()) {
    HONE_RETURN_IF_ERROR(WriteModelSummary(core.store(), name, &model->loop(), json));
  }
  for (const std::string& name : core.registered()) {
    HONE_RETURN_IF_ERROR(WriteModelSummary(core.store(), name, nullptr, json));
  }
  json.EndList().EndMap();
  return json.Take();
}

Result<std::string> ModelJson(LiveEngine& core, const std::string& name) {
  HONE_ASSIGN_OR_RETURN(const LiveModel* model, core.FindModel(name));
  HONE_ASSIGN_OR_RETURN(const std::vector<VersionRecord> versions, core.store().versions.List(name));
  JsonWriter json;
  json.BeginMap();
  HONE_RETURN_IF_ERROR(WriteSummaryMembers(core.store(), name, &model->loop(), json));
  json.Key("features").BeginList();
  for (const std::string& feature : model->definition().model.features) json.Value(feature);
  json.EndList();
  json.Member("definition", WriteModelDefinition(model->definition().model));
  json.Key("versions").BeginList();
  for (const VersionRecord& version : versions) json.Value(version.number.ToString());
  json.EndList();
  WriteRouting(model->loop().routing(), json);
  WriteLines(model->loop(), json);
  HONE_ASSIGN_OR_RETURN(
      const std::optional<VersionPerformance> champion,
      ReadChampionPerformance(core.store(), model->definition(), core.policy().performance, core.now()));
  WriteChampionMember(champion, json);
  json.EndMap();
  return json.Take();
}

Result<std::string> PerformanceJson(LiveEngine& core, const std::string& name, std::int64_t window,
                                    const std::string& version) {
  HONE_ASSIGN_OR_RETURN(const LiveModel* model, core.FindModel(name));
  HONE_ASSIGN_OR_RETURN(
      const ModelPerformance performance,
      ReadPerformance(core.store(), model->definition(), core.policy().performance, {core.now(), window, version}));
  JsonWriter json;
  WritePerformance(performance, json);
  return json.Take();
}

Result<std::string> ShadowJson(LiveEngine& core, const std::string& name) {
  HONE_ASSIGN_OR_RETURN(const LiveModel* model, core.FindModel(name));
  JsonWriter json;
  WriteShadow(name, model->loop(), json);
  return json.Take();
}

Result<std::string> ShadowSummaryJson(LiveEngine& core) {
  JsonWriter json;
  json.BeginMap().Key("models").BeginList();
  for (const auto& [name, model] : core.models()) WriteShadow(name, model->loop(), json);
  json.EndList().EndMap();
  return json.Take();
}

}  // namespace hone
