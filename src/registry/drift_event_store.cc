#include "registry/drift_event_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

namespace hone {
namespace {

constexpr std::string_view kDriftEventColumns =
    "id, time, model, version, kind, subject, method, severity, severity_rank, statistic, effect, p_value, "
    "reference_rows, current_rows";

Result<DriftKind> ParseKind(std::string_view name, const std::string& path) {
  for (const DriftKind kind : {DriftKind::kFeature, DriftKind::kPrediction, DriftKind::kPerformance}) {
    if (name == DriftKindName(kind)) return kind;
  }
  return Error{ErrorCode::kCorrupt, fmt::format("there is no drift of kind \"{}\"", name.substr(0, 64)), path, 0,
               "drift_events.kind"};
}

Result<DriftEvent> ReadEvent(const Statement& row, const std::string& path) {
  DriftEvent event;
  event.id = row.IdAt(0);
  event.time = row.Int(1);
  event.model = row.Text(2);
  event.version = row.Text(3);
  HONE_ASSIGN_OR_RETURN(event.kind, ParseKind(row.Bytes(4), path));
  event.subject = row.Text(5);
  event.method = row.Text(6);
  const std::int64_t rank = row.Int(8);
  event.severity = static_cast<Severity>(std::clamp<std::int64_t>(rank, 0, static_cast<int>(Severity::kCritical)));
  event.statistic = row.Double(9);
  event.effect = row.Double(10);
  event.p_value = row.Double(11);
  event.reference_rows = row.Int(12);
  event.current_rows = row.Int(13);
  return event;
}

}  // namespace

Status DriftEventStore::Append(const DriftEvent& event) {
  HONE_ASSIGN_OR_RETURN(
      Statement insert,
      database_->Prepare(fmt::format("INSERT INTO drift_events ({}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                                     kDriftEventColumns)));
  return insert.Run(event.id, event.time, event.model, event.version, DriftKindName(event.kind), event.subject,
                    event.method, SeverityName(event.severity), event.severity, event.statistic, event.effect,
                    event.p_value, event.reference_rows, event.current_rows);
}

Result<std::optional<DriftEvent>> DriftEventStore::Find(const Id& id) {
  HONE_ASSIGN_OR_RETURN(Statement select, database_->Prepare(fmt::format("SELECT {} FROM drift_events WHERE id = ?",
                                                                         kDriftEventColumns)));
  select.BindAll(id);
  HONE_ASSIGN_OR_RETURN(const bool row, select.Step());
  if (!row) return std::optional<DriftEvent>();
  HONE_ASSIGN_OR_RETURN(DriftEvent event, ReadEvent(select, database_->path()));
  return std::optional(std::move(event));
}

Result<std::vector<DriftEvent>> DriftEventStore::List(const DriftEventQuery& query) {
  HONE_ASSIGN_OR_RETURN(Statement select, database_->Prepare(fmt::format(
                                              "SELECT {} FROM drift_events WHERE (?1 = '' OR model = ?1) AND "
                                              "severity_rank >= ?2 AND (?3 IS NULL OR id < ?3) ORDER BY id DESC "
                                              "LIMIT ?4",
                                              kDriftEventColumns)));
  select.BindAll(query.model, query.at_least);
  if (query.before) select.Bind(3, *query.before);
  select.Bind(4, query.limit);
  std::vector<DriftEvent> events;
  while (true) {
    HONE_ASSIGN_OR_RETURN(const bool row, select.Step());
    if (!row) break;
    HONE_ASSIGN_OR_RETURN(DriftEvent event, ReadEvent(select, database_->path()));
    events.push_back(std::move(event));
  }
  std::reverse(events.begin(), events.end());
  return events;
}

Result<Severity> ParseSeverity(std::string_view name) {
  for (const Severity severity :
       {Severity::kNone, Severity::kLow, Severity::kMedium, Severity::kHigh, Severity::kCritical}) {
    if (name == SeverityName(severity)) return severity;
  }
  return Error{ErrorCode::kInvalidArgument, "must be none, low, medium, high or critical", "", 0, "severity"};
}

}  // namespace hone
