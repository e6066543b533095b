// hone drift events: what the detectors of a folder's models reported.
#include <fmt/format.h>

#include <memory>

#include "api/record_json.h"
#include "hone/drift_verbs.h"
#include "hone/output.h"
#include "hone/state_folder.h"
#include "hone/verb.h"

namespace hone {
namespace {

struct DriftEventFlags {
  std::string directory = kDefaultFolder, output = "table", model, severity = "none";
  std::optional<std::string> before;
  int limit = 100;
};

Result<DriftEventQuery> QueryOf(const DriftEventFlags& flags) {
  DriftEventQuery query{.model = flags.model, .limit = flags.limit};
  HONE_ASSIGN_OR_RETURN(query.at_least, ParseSeverity(flags.severity));
  if (!flags.before) return query;
  const Result<Id> before = ParseId(*flags.before);
  if (!before.ok()) return Error{ErrorCode::kInvalidArgument, before.error().message, "--before"};
  query.before = *before;
  return query;
}

std::string EventTable(const std::vector<DriftEvent>& events) {
  std::vector<std::vector<std::string>> rows = {
      {"time", "model", "version", "drift of", "method", "severity", "effect", "p", "rows", "id"}};
  for (const DriftEvent& event : events) {
    rows.push_back({FormatTime(event.time), event.model, event.version,
                    event.subject.empty() ? DriftKindName(event.kind) : event.subject, event.method,
                    SeverityName(event.severity), fmt::format("{:.4g}", event.effect),
                    fmt::format("{:.3g}", event.p_value), std::to_string(event.current_rows), event.id.ToString()});
  }
  return AlignedTable(rows);
}

Status ListDriftEvents(const DriftEventFlags& flags) {
  HONE_ASSIGN_OR_RETURN(const DriftEventQuery query, QueryOf(flags));
  HONE_ASSIGN_OR_RETURN(const std::unique_ptr<LiveStore> store, OpenForReading(flags.directory));
  if (!flags.model.empty()) {
    HONE_ASSIGN_OR_RETURN(const std::vector<VersionRecord> versions, store->versions.List(flags.model));
    if (versions.empty()) return Error{ErrorCode::kNotFound, "there is no model " + flags.model, flags.directory};
  }
  if (flags.output == "json") {
    HONE_ASSIGN_OR_RETURN(const std::string json, DriftEventsJson(store->drift, query));
    Print(json + "\n");
    return OkStatus();
  }
  HONE_ASSIGN_OR_RETURN(const std::vector<DriftEvent> events, store->drift.List(query));
  Print(events.empty() ? "no drift was reported\n" : EventTable(events));
  return OkStatus();
}

}  // namespace

void AddDriftEventsVerb(Command drift) {
  auto flags = std::make_shared<DriftEventFlags>();
  Command verb =
      AddVerb(drift, flags, "events", "What was reported of the models of a folder, oldest first", ListDriftEvents);
  verb.AddOption("--model", flags->model, "only of this model");
  verb.AddOption("--severity", flags->severity, "only as severe as this, or more")
      .OneOf({"none", "low", "medium", "high", "critical"})
      .ShowDefault();
  verb.AddOption("--before", flags->before, "only older than this event: the next page");
  verb.AddOption("--limit", flags->limit, "the newest so many").Between(1, 10'000).ShowDefault();
}

}  // namespace hone
