// hone rollout list | show | pause | resume | advance | abort | unfreeze
#include <fmt/format.h>

#include <cstdlib>
#include <memory>

#include "api/rollout_json.h"
#include "hone/commands.h"
#include "hone/inputs.h"
#include "hone/json_cells.h"
#include "hone/local_act.h"
#include "hone/output.h"
#include "hone/remote_act.h"
#include "hone/state_folder.h"
#include "hone/verb.h"
#include "wire/http_target.h"
#include "wire/json.h"

namespace hone {
namespace {

constexpr const char* kRoute = "/api/v1/rollouts";

struct RolloutFlags {
  std::string directory = kDefaultFolder, output = "table", url, policy;
  std::string name, reason;
};

// As JSON, like the API's answers; of the store it is what the last decision left.
Result<std::string> StoredRolloutJson(LiveStore& store, const RolloutFlags& flags) {
  HONE_ASSIGN_OR_RETURN(const Policy policy, LoadPolicy(flags.policy));
  HONE_ASSIGN_OR_RETURN(const std::vector<std::string> names, store.versions.Models());
  JsonWriter one, all;
  all.BeginMap().Key("rollouts").BeginList();
  for (const std::string& name : names) {
    if (!flags.name.empty() && name != flags.name) continue;
    HONE_ASSIGN_OR_RETURN(const std::optional<RolloutStatus> status, StoredRollout(store, name, policy.rollout));
    if (!status && !flags.name.empty()) return Error{ErrorCode::kConflict, name + " has no loop, and no rollouts"};
    if (!status) continue;
    if (name == flags.name) WriteRollout(*status, one);
    WriteRollout(*status, all);
  }
  all.EndList().EndMap();
  if (flags.name.empty()) return all.Take();
  if (one.text().empty()) return Error{ErrorCode::kNotFound, "there is no model " + flags.name, flags.directory};
  return one.Take();
}

Result<std::string> RolloutJson(const RolloutFlags& flags) {
  if (!flags.url.empty()) {
    const std::string model = flags.name.empty() ? "" : fmt::format("/{}", PercentEncode(flags.name));
    return AskServer(flags.url, "GET", kRoute + model, "");
  }
  HONE_ASSIGN_OR_RETURN(const std::unique_ptr<LiveStore> store, OpenForReading(flags.directory));
  return StoredRolloutJson(*store, flags);
}

std::vector<std::string> GuardRow(const JsonValue& guard) {
  return {fmt::format("{} {}", Cell(guard, "against"), Cell(guard, "version")),
          Cell(guard, "verdict"),
          Cell(guard, "rows"),
          Cell(guard, "mean_gain"),
          IntervalCell(guard),
          Cell(guard, "log_e"),
          Cell(guard, "threshold"),
          Cell(guard, "next_look")};
}

std::vector<std::string> HeadRow(const JsonValue& rollout) {
  const JsonValue& release = Inside(rollout, "release");
  return {Cell(rollout, "model"),    Cell(rollout, "champion"),
          Cell(rollout, "state"),    Cell(release, "version"),
          Cell(release, "question"), Cell(release, "step"),
          Cell(release, "share"),    Cell(release, "started"),
          Cell(rollout, "frozen"),   Cell(rollout, "rollbacks_in_a_row")};
}

std::vector<std::vector<std::string>> Heads() {
  return {{"model", "champion", "state", "version", "question", "step", "share", "started", "frozen", "roll backs"}};
}

std::string ListTable(const JsonValue& answer) {
  std::vector<std::vector<std::string>> rows = Heads();
  const JsonValue* rollouts = answer.Find("rollouts");
  if (rollouts != nullptr) {
    for (const JsonValue& rollout : rollouts->items) rows.push_back(HeadRow(rollout));
  }
  return AlignedTable(rows);
}

std::string ShowTable(const JsonValue& rollout) {
  std::vector<std::vector<std::string>> rows = Heads();
  rows.push_back(HeadRow(rollout));
  const JsonValue* release = rollout.Find("release");
  const JsonValue* guard = release == nullptr ? nullptr : release->Find("guard");
  if (guard == nullptr) return AlignedTable(rows);
  std::vector<std::vector<std::string>> judged = {
      {"against", "verdict", "rows", "mean gain", "interval", "log e", "needs", "next look"}};
  for (const JsonValue& comparison : guard->items) judged.push_back(GuardRow(comparison));
  return AlignedTable(rows) + "\n" + AlignedTable(judged);
}

Status PrintAnswer(const RolloutFlags& flags, const std::string& answer) {
  if (flags.output == "json") {
    Print(answer + "\n");
    return OkStatus();
  }
  HONE_ASSIGN_OR_RETURN(const JsonValue json, ParseJson(answer, {.source = "rollouts"}));
  Print(flags.name.empty() ? ListTable(json) : ShowTable(json));
  return OkStatus();
}

Status ShowRollouts(const RolloutFlags& flags) {
  HONE_ASSIGN_OR_RETURN(const std::string answer, RolloutJson(flags));
  return PrintAnswer(flags, answer);
}

// Who acts in a folder without a server.
std::string UserName() {
  const char* user = std::getenv("USER");
  return user == nullptr || *user == '\0' ? "operator" : user;
}

Result<std::string> AnswerToAct(const RolloutFlags& flags, RolloutAct act) {
  if (!flags.url.empty()) {
    JsonWriter body;
    body.BeginMap().Member("reason", flags.reason).EndMap();
    return AskServer(flags.url, "POST", fmt::format("{}/{}/{}", kRoute, PercentEncode(flags.name), RolloutActName(act)),
                     body.text());
  }
  HONE_ASSIGN_OR_RETURN(const Policy policy, LoadPolicy(flags.policy));
  HONE_RETURN_IF_ERROR(ActInFolder(flags.directory, policy, [&flags, act](LiveEngine& core) {
    return core.ActOnRollout(flags.name, act, {UserName(), flags.reason});
  }));
  return RolloutJson(flags);
}

template <RolloutAct act>
Status ActOn(const RolloutFlags& flags) {
  HONE_ASSIGN_OR_RETURN(const std::string answer, AnswerToAct(flags, act));
  return PrintAnswer(flags, answer);
}

template <RolloutAct act>
void AddAct(Command rollout, const std::shared_ptr<RolloutFlags>& flags, const char* description) {
  Command verb = AddVerb(rollout, flags, RolloutActName(act), description, ActOn<act>);
  verb.AddOption("model", flags->name, "the model").Required();
  verb.AddOption("--reason", flags->reason, "why; it stands in the decision");
  verb.AddOption("--url", flags->url, "address of the server that has the folder, http://127.0.0.1:8000");
  verb.AddOption("--policy", flags->policy, "policy YAML of the folder's server, where none is asked");
}

}  // namespace

void AddRolloutCommand(Command app) {
  Command rollout = app.AddNoun("rollout", "What is on release: step, evidence so far, and a person's words about it");
  auto flags = std::make_shared<RolloutFlags>();
  Command list = AddVerb(rollout, flags, "list", "Every model with what is on release or watched", ShowRollouts);
  Command show = AddVerb(rollout, flags, "show", "One model's, with the guard's numbers so far", ShowRollouts);
  show.AddOption("model", flags->name, "the model").Required();
  for (Command look : {list, show}) {
    look.AddOption("--url", flags->url, "ask a running server, for its numbers of this moment: http://127.0.0.1:8000");
    look.AddOption("--policy", flags->policy, "policy YAML of the folder's server, where none is asked");
  }
  AddAct<RolloutAct::kPause>(rollout, flags, "Halt the version on release; its guards go on");
  AddAct<RolloutAct::kResume>(rollout, flags, "Let a paused rollout go on");
  AddAct<RolloutAct::kAdvance>(rollout, flags, "The next step at once, through its gate; the last one promotes");
  AddAct<RolloutAct::kAbort>(rollout, flags, "The champion answers alone again; the version is rejected");
  AddAct<RolloutAct::kUnfreeze>(rollout, flags, "Rollouts may begin again after too many roll backs in a row");
}

}  // namespace hone
