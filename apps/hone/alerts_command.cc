// hone alerts list | silence | unsilence | silences: the alerts of a folder, also while a server has it, which then
// heeds a silence within a second.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <random>

#include "alerts/alert_book.h"
#include "alerts/alert_json.h"
#include "alerts/alert_store.h"
#include "base/duration_text.h"
#include "hone/commands.h"
#include "hone/output.h"
#include "hone/state_folder.h"
#include "hone/system_clock.h"
#include "hone/verb.h"
#include "wire/json_writer.h"

namespace hone {
namespace {

struct AlertFlags {
  std::string directory = kDefaultFolder, output = "table";
  std::optional<std::string> state, severity;
  std::vector<std::string> matchers;
  std::string length = "2h", comment, author, id;
  bool json() const { return output == "json"; }
};

Result<std::unique_ptr<Database>> OpenToRead(const AlertFlags& flags) {
  auto database = OpenAlertDatabase(flags.directory, true);
  if (database.ok() || database.error().code != ErrorCode::kNotFound) return database;
  return Error{ErrorCode::kNotFound, "there is no alerts.db here; `hone serve --dir DIR` keeps one", flags.directory};
}

std::string LabelsText(const Labels& labels) {
  std::string text;
  for (const auto& [name, value] : labels) {
    if (name != "alertname" && name != "severity") text += fmt::format("{}{}={}", text.empty() ? "" : " ", name, value);
  }
  return text;
}

std::string ValueOf(const Labels& labels, const char* name) {
  const auto found = labels.find(name);
  return found == labels.end() ? "" : found->second;
}

std::vector<std::string> AlertRow(const Alert& alert, bool silenced) {
  return {silenced ? "silenced" : alert.state(), AlertSeverityName(alert.severity()),
          ValueOf(alert.labels, "alertname"),    LabelsText(alert.labels),
          FormatTime(alert.starts_at),           ValueOf(alert.annotations, "summary")};
}

Status ListAlerts(const AlertFlags& flags) {
  HONE_ASSIGN_OR_RETURN(const std::unique_ptr<Database> database, OpenToRead(flags));
  AlertStore store(*database);
  const Time now = SystemClock().Now();
  AlertBook book({});
  HONE_ASSIGN_OR_RETURN(std::vector<Alert> alerts, store.Alerts());
  book.Restore(std::move(alerts), {});
  HONE_ASSIGN_OR_RETURN(std::vector<Silence> silences, store.Silences(now));
  book.SetSilences(std::move(silences));
  std::vector<std::vector<std::string>> rows = {{"state", "severity", "alert", "labels", "since", "summary"}};
  JsonWriter json;
  json.BeginMap().Key("alerts").BeginList();
  for (const auto& [fingerprint, alert] : book.alerts()) {
    if (flags.state && *flags.state != alert.state()) continue;
    if (flags.severity && *flags.severity != AlertSeverityName(alert.severity())) continue;
    const std::vector<Id> silenced_by = book.SilencedBy(alert, now);
    rows.push_back(AlertRow(alert, alert.firing() && !silenced_by.empty()));
    WriteAlert(alert, silenced_by, json);
  }
  json.EndList().EndMap();
  Print(flags.json() ? json.Take() + "\n" : AlignedTable(rows));
  return OkStatus();
}

Status ListSilences(const AlertFlags& flags) {
  HONE_ASSIGN_OR_RETURN(const std::unique_ptr<Database> database, OpenToRead(flags));
  const Time now = SystemClock().Now();
  HONE_ASSIGN_OR_RETURN(const std::vector<Silence> silences, AlertStore(*database).Silences(now));
  std::vector<std::vector<std::string>> rows = {{"id", "matchers", "until", "by", "comment"}};
  JsonWriter json;
  json.BeginMap().Key("silences").BeginList();
  for (const Silence& silence : silences) {
    std::string matchers;
    for (const LabelMatcher& matcher : silence.matchers) {
      matchers.append(matchers.empty() ? "" : " ").append(matcher.ToString());
    }
    rows.push_back({silence.id.ToString(), matchers, FormatTime(silence.ends_at), silence.created_by, silence.comment});
    WriteSilence(silence, now, json);
  }
  json.EndList().EndMap();
  Print(flags.json() ? json.Take() + "\n" : AlignedTable(rows));
  return OkStatus();
}

Result<Silence> SilenceOf(const AlertFlags& flags, Time now) {
  Silence silence;
  for (const std::string& text : flags.matchers) {
    HONE_ASSIGN_OR_RETURN(LabelMatcher matcher, ParseLabelMatcher(text));
    silence.matchers.push_back(std::move(matcher));
  }
  const Result<Duration> length = ParseDuration(flags.length);
  if (!length.ok()) return Error{ErrorCode::kInvalidArgument, length.error().message, "--for"};
  silence.starts_at = now;
  silence.ends_at = now + *length;
  silence.created_by = flags.author;
  silence.comment = flags.comment;
  HONE_RETURN_IF_ERROR(CheckSilence(silence, now));
  std::random_device device;
  silence.id = IdGenerator(static_cast<std::uint64_t>(device()) << 32 | device()).Next(now);
  return silence;
}

Status AddSilence(const AlertFlags& flags) {
  const Time now = SystemClock().Now();
  HONE_ASSIGN_OR_RETURN(const Silence silence, SilenceOf(flags, now));
  HONE_RETURN_IF_ERROR(EnsureFolder(flags.directory));
  HONE_ASSIGN_OR_RETURN(const std::unique_ptr<Database> database, OpenAlertDatabase(flags.directory));
  HONE_RETURN_IF_ERROR(AlertStore(*database).Add(silence));
  JsonWriter json;
  WriteSilence(silence, now, json);
  Print(flags.json() ? json.Take() + "\n" : silence.id.ToString() + "\n");
  return OkStatus();
}

Status EndSilence(const AlertFlags& flags) {
  const Result<Id> id = ParseId(flags.id);
  if (!id.ok()) return id.error();
  HONE_RETURN_IF_ERROR(OpenToRead(flags));
  HONE_ASSIGN_OR_RETURN(const std::unique_ptr<Database> database, OpenAlertDatabase(flags.directory));
  HONE_RETURN_IF_ERROR(AlertStore(*database).End(*id, SystemClock().Now()));
  JsonWriter json;
  json.BeginMap().Member("ended", id->ToString()).EndMap();
  Print(flags.json() ? json.Take() + "\n" : fmt::format("{} has ended\n", flags.id));
  return OkStatus();
}

}  // namespace

void AddAlertsCommand(Command app) {
  Command alerts = app.AddNoun("alerts", "What a server's folder has to tell of, and what nobody is to be told of");
  auto flags = std::make_shared<AlertFlags>();
  Command list = AddVerb(alerts, flags, "list", "Alerts that fire, and those that have lately ended", ListAlerts);
  list.AddOption("--state", flags->state, "only these").OneOf({"firing", "resolved"});
  list.AddOption("--severity", flags->severity, "only these").OneOf({"info", "warning", "critical"});
  Command silence =
      AddVerb(alerts, flags, "silence", "Tell nobody of alerts that match, for a while; prints its id", AddSilence);
  silence.AddOption("matcher", flags->matchers, "name=value or name!=value; all must match").Required();
  silence.AddOption("--for", flags->length, "how long: 30m, 2h, 7d").ShowDefault();
  silence.AddOption("--comment", flags->comment, "why");
  silence.AddOption("--by", flags->author, "who");
  Command end = AddVerb(alerts, flags, "unsilence", "End a silence", EndSilence);
  end.AddOption("id", flags->id, "the silence's id").Required();
  AddVerb(alerts, flags, "silences", "Silences that have not ended", ListSilences);
}

}  // namespace hone
