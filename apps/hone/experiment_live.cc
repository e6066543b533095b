// hone experiment list | show: comparisons of versions on the live traffic of a folder, running and ended.
#include <fmt/format.h>

#include <memory>
#include <optional>

#include "api/experiment_json.h"
#include "hone/experiment_verbs.h"
#include "hone/inputs.h"
#include "hone/json_cells.h"
#include "hone/output.h"
#include "hone/remote_act.h"
#include "hone/state_folder.h"
#include "hone/system_clock.h"
#include "hone/verb.h"
#include "wire/http_target.h"

namespace hone {
namespace {

constexpr const char* kExperiments = "/api/v1/experiments";

struct ExperimentFlags {
  std::string directory = kDefaultFolder, output = "table", url, policy, model, state, kind, id;
  int limit = 100;
};

std::string ExperimentTarget(const ExperimentFlags& flags) {
  if (!flags.id.empty()) return fmt::format("{}/{}", kExperiments, PercentEncode(flags.id));
  std::string target = fmt::format("{}?limit={}", kExperiments, flags.limit);
  if (!flags.model.empty()) target += "&model=" + PercentEncode(flags.model);
  if (!flags.state.empty()) target += "&state=" + flags.state;
  if (!flags.kind.empty()) target += "&kind=" + flags.kind;
  return target;
}

Result<ExperimentQuery> QueryOf(LiveStore& store, const ExperimentFlags& flags) {
  ExperimentQuery query{.model = flags.model, .limit = flags.limit};
  if (!flags.state.empty()) query.running = flags.state == "running";
  if (!flags.kind.empty()) {
    HONE_ASSIGN_OR_RETURN(query.kind, ParseExperimentKind(flags.kind));
  }
  if (flags.model.empty()) return query;
  HONE_ASSIGN_OR_RETURN(const std::vector<VersionRecord> versions, store.versions.List(flags.model));
  if (versions.empty()) return Error{ErrorCode::kNotFound, "there is no model " + flags.model, flags.directory};
  return query;
}

Result<std::string> StoredExperimentJson(LiveStore& store, const ExperimentFlags& flags) {
  HONE_ASSIGN_OR_RETURN(const Policy policy, LoadPolicy(flags.policy));
  const ReleaseOf release = [&](const std::string& model) { return StoredRollout(store, model, policy.rollout); };
  const Time now = SystemClock().Now();
  if (flags.id.empty()) {
    HONE_ASSIGN_OR_RETURN(const ExperimentQuery query, QueryOf(store, flags));
    HONE_ASSIGN_OR_RETURN(const std::vector<Experiment> all, ReadExperiments(store, query, release, now));
    return ExperimentsJson(all);
  }
  const Result<Id> id = ParseId(flags.id);
  if (!id.ok()) return Error{ErrorCode::kInvalidArgument, id.error().message, "ID"};
  HONE_ASSIGN_OR_RETURN(const Experiment experiment, ReadExperiment(store, *id, release, now));
  JsonWriter json;
  WriteExperiment(experiment, json);
  return json.Take();
}

Result<std::string> ExperimentText(const ExperimentFlags& flags) {
  if (!flags.url.empty()) return AskServer(flags.url, "GET", ExperimentTarget(flags), "");
  HONE_ASSIGN_OR_RETURN(const std::unique_ptr<LiveStore> store, OpenForReading(flags.directory));
  return StoredExperimentJson(*store, flags);
}

std::string Challengers(const JsonValue& experiment) {
  std::string text;
  for (const JsonValue& version : Inside(experiment, "challengers").items) {
    text.append(text.empty() ? "" : ", ").append(version.text);
  }
  return text;
}

// "yes", "no", or "" where no traffic was split.
std::string SharesRight(const JsonValue& experiment) {
  const JsonValue& splits = Inside(experiment, "splits");
  if (splits.items.empty()) return "";
  return Inside(Inside(splits.items.back(), "mismatch"), "proven").boolean ? "no" : "yes";
}

std::vector<std::string> ExperimentRow(const JsonValue& experiment) {
  return {Cell(experiment, "model"),   Cell(experiment, "kind"),    Cell(experiment, "question"),
          Cell(experiment, "started"), Cell(experiment, "ended"),   Cell(experiment, "champion"),
          Challengers(experiment),     Cell(experiment, "verdict"), Cell(experiment, "outcomes"),
          SharesRight(experiment),     Cell(experiment, "id")};
}

std::string ExperimentTable(const std::vector<const JsonValue*>& experiments) {
  std::vector<std::vector<std::string>> rows = {{"model", "kind", "question", "started", "ended", "champion",
                                                 "challenger", "verdict", "outcomes", "shares right", "id"}};
  for (const JsonValue* experiment : experiments) rows.push_back(ExperimentRow(*experiment));
  return AlignedTable(rows);
}

std::string EstimateTable(const JsonValue& experiment) {
  std::vector<std::vector<std::string>> rows = {
      {"version", "against", "verdict", "rows", "mean gain", "interval", "log e", "needs"}};
  for (const JsonValue& estimate : Inside(experiment, "estimates").items) {
    rows.push_back({Cell(estimate, "version"), Cell(estimate, "against"), Cell(estimate, "verdict"),
                    Cell(estimate, "rows"), Cell(estimate, "mean_gain"), IntervalCell(estimate),
                    Cell(estimate, "log_e"), Cell(estimate, "threshold")});
  }
  return rows.size() == 1 ? "" : "\n" + AlignedTable(rows);
}

std::string AnswersTable(const JsonValue& experiment) {
  std::vector<std::vector<std::string>> rows = {{"answers", "share", "answered", "outcomes", "mean squared error"}};
  for (const JsonValue& arm : Inside(experiment, "arms").items) {
    rows.push_back({Cell(arm, "version"), Cell(arm, "share"), Cell(arm, "answered"), Cell(arm, "outcomes"),
                    Cell(arm, "mean_squared_error")});
  }
  return rows.size() == 1 ? "" : "\n" + AlignedTable(rows);
}

std::string ArmTable(const JsonValue& split) {
  std::vector<std::vector<std::string>> rows = {
      {"answers", "share", "requests", "counted", "without answer", "late", "of timed"}};
  for (const JsonValue& arm : Inside(split, "arms").items) {
    rows.push_back({Cell(arm, "version"), Cell(arm, "share"), Cell(arm, "requests"), Cell(arm, "units"),
                    Cell(arm, "failed"), Cell(arm, "late"), Cell(arm, "timed")});
  }
  return AlignedTable(rows);
}

std::string GuardrailTable(const JsonValue& split) {
  std::vector<std::vector<std::string>> rows = {
      {"guardrail", "version", "broken", "its share", "champion's", "margin", "log e", "needs"}};
  for (const JsonValue& guard : Inside(split, "guardrails").items) {
    rows.push_back({Cell(guard, "guardrail"), Cell(guard, "version"), Cell(guard, "broken"), Cell(guard, "share"),
                    Cell(guard, "champion_share"), Cell(guard, "margin"), Cell(guard, "log_e"),
                    Cell(guard, "threshold")});
  }
  return AlignedTable(rows);
}

std::string SplitText(const JsonValue& split) {
  const JsonValue& mismatch = Inside(split, "mismatch");
  const bool wrong = Inside(mismatch, "proven").boolean;
  const std::string step = Cell(split, "step");
  const std::string round = Cell(split, "round") == "0" ? "split" : "split, round " + Cell(split, "round");
  return fmt::format("\n{} from {}\n{}shares: {} (p {}, log e {} of {})\n{}", step == "0" ? round : "step " + step,
                     Cell(split, "started"), ArmTable(split), wrong ? "proven wrong" : "as they should be",
                     Cell(mismatch, "p_value"), Cell(mismatch, "log_e"), Cell(mismatch, "threshold"),
                     GuardrailTable(split));
}

std::string ExperimentDetails(const JsonValue& experiment) {
  std::string text = ExperimentTable({&experiment});
  if (const std::string deadline = Cell(experiment, "deadline"); !deadline.empty()) {
    text += "\ndeadline " + deadline + "\n";
  }
  if (const std::string reason = Cell(experiment, "reason"); !reason.empty()) text += "\nwhy      " + reason + "\n";
  const JsonValue& decided = Inside(experiment, "decided");
  if (!decided.keys.empty()) {
    text += fmt::format("decided  {} {} at {}: hone why {}\n", Cell(decided, "kind"), Cell(decided, "version"),
                        Cell(decided, "time"), Cell(decided, "id"));
  }
  text += AnswersTable(experiment) + EstimateTable(experiment);
  for (const JsonValue& split : Inside(experiment, "splits").items) text += SplitText(split);
  return text;
}

Status ShowExperiments(const ExperimentFlags& flags) {
  HONE_ASSIGN_OR_RETURN(const std::string answer, ExperimentText(flags));
  if (flags.output == "json") {
    Print(answer + "\n");
    return OkStatus();
  }
  HONE_ASSIGN_OR_RETURN(const JsonValue json, ParseJson(answer, {.source = "experiments"}));
  if (!flags.id.empty()) {
    Print(ExperimentDetails(json));
    return OkStatus();
  }
  std::vector<const JsonValue*> all;
  for (const JsonValue& experiment : Inside(json, "experiments").items) all.push_back(&experiment);
  Print(all.empty() ? "no experiment yet\n" : ExperimentTable(all));
  return OkStatus();
}

}  // namespace

void AddExperimentLiveVerbs(Command experiment) {
  auto flags = std::make_shared<ExperimentFlags>();
  Command list =
      AddVerb(experiment, flags, "list", "Rollouts and A/B tests of a folder, running and ended", ShowExperiments);
  list.AddOption("--model", flags->model, "only of this model");
  list.AddOption("--state", flags->state, "only those that run, or have ended").OneOf({"running", "ended"});
  list.AddOption("--kind", flags->kind, "only of this kind").OneOf({"shadow", "canary", "ab_test"});
  list.AddOption("--limit", flags->limit, "the newest so many").Between(1, 10'000).ShowDefault();
  Command show =
      AddVerb(experiment, flags, "show", "One, with its evidence, the shares and the guardrails", ShowExperiments);
  show.AddOption("id", flags->id, "id of the experiment").Required();
  for (Command look : {list, show}) {
    look.AddOption("--url", flags->url, "ask a running server, for its numbers of this moment: http://127.0.0.1:8000");
    look.AddOption("--policy", flags->policy, "policy YAML of the folder's server, where none is asked");
  }
}

}  // namespace hone
