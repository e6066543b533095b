// hone models list | show | compare | register | promote | rollback
#include <fmt/format.h>

#include <memory>

#include "api/model_json.h"
#include "api/performance_json.h"
#include "api/record_json.h"
#include "engine/live_engine.h"
#include "engine/model_performance.h"
#include "engine/registered_model.h"
#include "hone/commands.h"
#include "hone/inputs.h"
#include "hone/local_act.h"
#include "hone/output.h"
#include "hone/remote_act.h"
#include "hone/state_folder.h"
#include "hone/system_clock.h"
#include "hone/verb.h"
#include "registry/comparison.h"
#include "registry/model_file_version.h"
#include "registry/version_number.h"
#include "serving/snapshot.h"

namespace hone {
namespace {

constexpr std::size_t kLargestModelFile = std::size_t{256} << 20;

struct ModelsFlags {
  std::string directory = kDefaultFolder, output = "table", url;
  std::string name, version, other, policy, file;
  bool activate = false;
  bool json() const { return output == "json"; }
};

std::string ActiveOf(const std::vector<VersionRecord>& versions) {
  for (const VersionRecord& version : versions) {
    if (version.stage == Stage::kActive) return version.number.ToString();
  }
  return "none";
}

Status ListModels(const ModelsFlags& flags) {
  HONE_ASSIGN_OR_RETURN(const std::unique_ptr<LiveStore> store, OpenForReading(flags.directory));
  HONE_ASSIGN_OR_RETURN(const std::vector<std::string> names, store->versions.Models());
  JsonWriter json;
  json.BeginMap().Key("models").BeginList();
  std::vector<std::vector<std::string>> rows = {{"model", "active", "versions", "target", "horizon", "instrument"}};
  for (const std::string& name : names) {
    HONE_RETURN_IF_ERROR(WriteModelSummary(*store, name, nullptr, json));
    HONE_ASSIGN_OR_RETURN(const std::optional<StoredDefinition> definition, store->definitions.Find(name));
    HONE_ASSIGN_OR_RETURN(const std::vector<VersionRecord> versions, store->versions.List(name));
    rows.push_back({name, ActiveOf(versions), std::to_string(versions.size())});
    if (definition) {
      rows.back().insert(rows.back().end(),
                         {definition->model.target, std::to_string(definition->model.horizon), definition->instrument});
    }
  }
  json.EndList().EndMap();
  Print(flags.json() ? json.Take() + "\n" : AlignedTable(rows));
  return OkStatus();
}

std::string VersionTable(const VersionRecord& version) {
  return AlignedTable({{"version", version.model + " " + version.number.ToString()},
                       {"stage", StageName(version.stage)},
                       {"change", ChangeTypeName(version.change)},
                       {"parent", version.parent.empty() ? "none" : version.parent},
                       {"recipe", version.recipe},
                       {"trained on", fmt::format("{} rows, {} to {}", version.train_rows,
                                                  FormatDate(version.train_begin), FormatDate(version.train_end))},
                       {"metrics", version.metrics},
                       {"parameters", version.parameters},
                       {"validated", version.validated ? "yes" : "no"},
                       {"artifact", version.artifact},
                       {"data", version.data_fingerprint},
                       {"seed", std::to_string(version.seed)},
                       {"created", FormatTime(version.created)}});
}

std::string VersionsTable(const std::vector<VersionRecord>& versions) {
  std::vector<std::vector<std::string>> rows = {{"version", "stage", "recipe", "change", "parent", "rows", "until"}};
  for (const VersionRecord& version : versions) {
    rows.push_back({version.number.ToString(), StageName(version.stage), version.recipe, ChangeTypeName(version.change),
                    version.parent, std::to_string(version.train_rows), FormatDate(version.train_end)});
  }
  return AlignedTable(rows);
}

Status ShowVersion(LiveStore& store, const ModelsFlags& flags) {
  HONE_ASSIGN_OR_RETURN(const VersionRecord version, store.versions.Get(flags.name, flags.version));
  JsonWriter json;
  WriteVersion(version, json);
  Print(flags.json() ? json.Take() + "\n" : VersionTable(version));
  return OkStatus();
}

std::string ChampionLine(const std::optional<VersionPerformance>& champion) {
  if (!champion || champion->report.rows == 0) return "live: no matured prediction yet";
  const PerformanceReport& report = champion->report;
  return fmt::format("live: {} has RMSE {:.4g} [{:.4g}, {:.4g}] on {} matured predictions, {:.0f} % nearer than {}; {}",
                     report.version, report.rmse, report.rmse_interval.low, report.rmse_interval.high, report.rows,
                     100 * report.win_rate, kPersistenceVersion, PerformanceStatusName(report.status));
}

// None without a definition, which says when an outcome is mature, and none of classes: no number is compared with one.
Result<std::optional<VersionPerformance>> ChampionPerformanceOf(LiveStore& store,
                                                                const std::optional<StoredDefinition>& definition,
                                                                const Policy& policy) {
  if (!definition || AnswersClasses(definition->model)) return std::optional<VersionPerformance>();
  return ReadChampionPerformance(store, *definition, policy.performance, SystemClock().Now());
}

Status ShowModel(const ModelsFlags& flags) {
  HONE_ASSIGN_OR_RETURN(const std::unique_ptr<LiveStore> store, OpenForReading(flags.directory));
  if (!flags.version.empty()) return ShowVersion(*store, flags);
  HONE_ASSIGN_OR_RETURN(const Policy policy, LoadPolicy(flags.policy));
  HONE_ASSIGN_OR_RETURN(const std::optional<StoredDefinition> definition, store->definitions.Find(flags.name));
  HONE_ASSIGN_OR_RETURN(const std::optional<VersionPerformance> champion,
                        ChampionPerformanceOf(*store, definition, policy));
  HONE_ASSIGN_OR_RETURN(const std::vector<VersionRecord> versions, store->versions.List(flags.name));
  if (versions.empty()) return Error{ErrorCode::kNotFound, "there is no model " + flags.name, flags.directory};
  const std::string written = definition ? WriteModelDefinition(definition->model) : "";
  JsonWriter json;
  json.BeginMap().Key("summary");
  HONE_RETURN_IF_ERROR(WriteModelSummary(*store, flags.name, nullptr, json));
  if (definition) json.Member("definition", written);
  json.Key("versions").BeginList();
  for (const VersionRecord& version : versions) WriteVersion(version, json);
  json.EndList();
  WriteChampionMember(champion, json);
  json.EndMap();
  Print(flags.json() ? json.Take() + "\n"
                     : fmt::format("{}: active {}, driven by {}\n{}\n\n{}\n{}", flags.name, ActiveOf(versions),
                                   definition && !definition->instrument.empty() ? definition->instrument : "requests",
                                   ChampionLine(champion), VersionsTable(versions), written));
  return OkStatus();
}

Result<VersionRecord> RegisterFile(LiveStore& store, const ModelsFlags& flags) {
  ModelFileVersion version{flags.name, "", flags.file, std::nullopt, SystemClock().Now()};
  HONE_ASSIGN_OR_RETURN(version.bytes, ReadFile(flags.file, kLargestModelFile));
  if (!flags.version.empty()) {
    HONE_ASSIGN_OR_RETURN(version.number, ParseVersionNumber(flags.version));
  }
  IdGenerator ids(static_cast<std::uint64_t>(version.created));
  HONE_ASSIGN_OR_RETURN(const FileContent content, ReadFileContent(version.bytes, version.source));
  return RegisterVersion(store, ids, version, content, flags.activate);
}

Status RegisterModel(const ModelsFlags& flags) {
  HONE_ASSIGN_OR_RETURN(const FileLock lock, LockFolder(flags.directory, "stop it first"));
  HONE_ASSIGN_OR_RETURN(const std::unique_ptr<LiveStore> store, LiveStore::Open(flags.directory));
  HONE_ASSIGN_OR_RETURN(Transaction transaction, Transaction::Begin(*store->database));
  HONE_ASSIGN_OR_RETURN(const VersionRecord record, RegisterFile(*store, flags));
  HONE_RETURN_IF_ERROR(transaction.Commit());
  JsonWriter json;
  WriteVersion(record, json);
  Print(flags.json() ? json.Take() + "\n"
                     : fmt::format("{} {} is {}\n", record.model, record.number.ToString(), StageName(record.stage)));
  return OkStatus();
}

void AddCompared(const std::vector<ComparedValue>& values, std::vector<std::vector<std::string>>& rows) {
  for (const ComparedValue& value : values) {
    rows.push_back({value.key, value.left, value.right, value.change ? fmt::format("{:+.6g}", *value.change) : ""});
  }
}

Status CompareModels(const ModelsFlags& flags) {
  HONE_ASSIGN_OR_RETURN(const std::unique_ptr<LiveStore> store, OpenForReading(flags.directory));
  HONE_ASSIGN_OR_RETURN(const VersionComparison comparison,
                        CompareVersions(store->versions, flags.name, flags.version, flags.other));
  JsonWriter json;
  WriteComparison(comparison, json);
  std::vector<std::vector<std::string>> rows = {{flags.name, flags.version, flags.other, "change"}};
  AddCompared(comparison.metrics, rows);
  AddCompared(comparison.parameters, rows);
  AddCompared(comparison.lineage, rows);
  Print(flags.json() ? json.Take() + "\n" : AlignedTable(rows));
  return OkStatus();
}

using EngineAct = Status (LiveEngine::*)(const std::string& model, const std::string& version);
Result<std::string> ActiveAfter(const ModelsFlags& flags, EngineAct act, const char* route) {
  if (!flags.url.empty()) return ActThroughServer(flags.url, flags.name, route, flags.version);
  HONE_RETURN_IF_ERROR(ActInFolder(flags.directory, Policy(),
                                   [&flags, act](LiveEngine& core) { return (core.*act)(flags.name, flags.version); }));
  HONE_ASSIGN_OR_RETURN(const std::unique_ptr<LiveStore> store, OpenForReading(flags.directory));
  HONE_ASSIGN_OR_RETURN(const std::vector<VersionRecord> versions, store->versions.List(flags.name));
  return ActiveOf(versions);
}

Status Act(const ModelsFlags& flags, EngineAct act, const char* route) {
  HONE_ASSIGN_OR_RETURN(const std::string active, ActiveAfter(flags, act, route));
  JsonWriter json;
  json.BeginMap().Member("model", flags.name).Member("active_version", active).EndMap();
  Print(flags.json() ? json.Take() + "\n" : fmt::format("{}: active {}\n", flags.name, active));
  return OkStatus();
}

Status PromoteModel(const ModelsFlags& flags) { return Act(flags, &LiveEngine::Promote, "promote"); }
Status RollBackModel(const ModelsFlags& flags) { return Act(flags, &LiveEngine::RollBack, "rollback"); }

}  // namespace

void AddModelsCommand(Command app) {
  Command models = app.AddNoun("models", "The models of a folder and their versions");
  auto flags = std::make_shared<ModelsFlags>();
  AddVerb(models, flags, "list", "Every model with its active version", ListModels);
  Command show = AddVerb(models, flags, "show", "A model, or one version of it", ShowModel);
  show.AddOption("name", flags->name, "the model").Required();
  show.AddOption("version", flags->version, "a version, such as 1.2.0");
  show.AddOption("--policy", flags->policy, "policy YAML whose window and level the live metrics have");
  Command compare = AddVerb(models, flags, "compare", "Two versions side by side", CompareModels);
  compare.AddOption("name", flags->name, "the model").Required();
  compare.AddOption("left", flags->version, "a version").Required();
  compare.AddOption("right", flags->other, "another").Required();
  Command add =
      AddVerb(models, flags, "register",
              "Add a version from a model file: XGBoost JSON or UBJSON, LightGBM text, ONNX, linear, an ensemble",
              RegisterModel);
  add.AddOption("name", flags->name, "the model, new or of versions from files").Required();
  add.AddOption("--file", flags->file, "the model file; its format is told by its content").Required();
  add.AddOption("--version", flags->version, "its number, such as 1.2.0; without it, the next");
  add.AddFlag("--activate", flags->activate, "make it active at once");
  Command promote = AddVerb(models, flags, "promote", "Make a validated version active", PromoteModel);
  promote.AddOption("name", flags->name, "the model").Required();
  promote.AddOption("version", flags->version, "the version").Required();
  Command roll_back =
      AddVerb(models, flags, "rollback", "Return to the version active before, or to a given one", RollBackModel);
  roll_back.AddOption("name", flags->name, "the model").Required();
  roll_back.AddOption("version", flags->version, "a retired version");
  for (Command act : {promote, roll_back}) {
    act.AddOption("--url", flags->url, "address of the server that has the folder, http://127.0.0.1:8000");
  }
}

}  // namespace hone
