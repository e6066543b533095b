#include "alerts/alert_store.h"

#include <fmt/format.h>

#include "storage/checkpoint_store.h"
#include "storage/migrations.h"
#include "storage/outbox.h"
#include "wire/json.h"
#include "wire/json_writer.h"

namespace hone {
namespace {

constexpr const char* kTables = R"(
CREATE TABLE alerts (
  fingerprint TEXT PRIMARY KEY,
  labels TEXT NOT NULL,
  annotations TEXT NOT NULL,
  starts_at INTEGER NOT NULL,
  ends_at INTEGER,
  expires_at INTEGER
) WITHOUT ROWID;
CREATE TABLE alert_groups (
  labels TEXT PRIMARY KEY,
  next_look INTEGER NOT NULL,
  told_at INTEGER NOT NULL,
  told TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE silences (
  id BLOB PRIMARY KEY,
  matchers TEXT NOT NULL,
  starts_at INTEGER NOT NULL,
  ends_at INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  comment TEXT NOT NULL
) WITHOUT ROWID;
)";
constexpr const char* kRelease = "0.1.0";

Migrations AlertDatabaseMigrations() {
  return JoinMigrations({StorageMigrations(), OutboxMigrations(), {{"alerts", 1, "alerts", kTables}}});
}

template <typename Texts>
std::string TextsJson(const Texts& texts) {
  JsonWriter json;
  json.BeginList();
  for (const std::string& text : texts) json.Value(text);
  json.EndList();
  return json.Take();
}

Result<std::vector<std::string>> ParseTexts(std::string_view json, const std::string& source) {
  const Result<JsonValue> value = ParseJson(json);
  if (!value.ok() || !value->is_list()) return Error{ErrorCode::kCorrupt, "must be a list of texts", source};
  std::vector<std::string> texts;
  for (const JsonValue& item : value->items) {
    if (!item.is_text()) return Error{ErrorCode::kCorrupt, "must be a list of texts", source};
    texts.push_back(item.text);
  }
  return texts;
}

std::optional<Time> TimeAt(const Statement& row, int column) {
  return row.IsNull(column) ? std::nullopt : std::optional(row.Int(column));
}

void BindTime(Statement& statement, int index, const std::optional<Time>& time) {
  if (time) {
    statement.Bind(index, *time);
  } else {
    statement.BindNull(index);
  }
}

Result<Silence> ReadSilence(const Statement& row, const std::string& path) {
  Silence silence{row.IdAt(0), {}, row.Int(2), row.Int(3), row.Text(4), row.Text(5)};
  HONE_ASSIGN_OR_RETURN(const std::vector<std::string> texts, ParseTexts(row.Text(1), path));
  for (const std::string& text : texts) {
    const Result<LabelMatcher> matcher = ParseLabelMatcher(text);
    if (!matcher.ok()) return Error{ErrorCode::kCorrupt, matcher.error().message, path, 0, "silences.matchers"};
    silence.matchers.push_back(*matcher);
  }
  return silence;
}

// Every row of `statement`, each read by `read`.
template <typename Row, typename Read>
Result<std::vector<Row>> ReadAll(Statement statement, const Read& read) {
  std::vector<Row> rows;
  while (true) {
    HONE_ASSIGN_OR_RETURN(const bool row, statement.Step());
    if (!row) return rows;
    HONE_ASSIGN_OR_RETURN(Row value, read(statement));
    rows.push_back(std::move(value));
  }
}

}  // namespace

Result<std::unique_ptr<Database>> OpenAlertDatabase(const std::filesystem::path& folder, bool read_only) {
  HONE_ASSIGN_OR_RETURN(std::unique_ptr<Database> database,
                        Database::Open(folder / "alerts.db", {.read_only = read_only}));
  HONE_RETURN_IF_ERROR(read_only ? CheckMigrated(*database, AlertDatabaseMigrations())
                                 : Migrate(*database, AlertDatabaseMigrations(), kRelease));
  return database;
}

Result<std::vector<Alert>> AlertStore::Alerts() {
  HONE_ASSIGN_OR_RETURN(
      Statement select,
      database_->Prepare(
          "SELECT labels, annotations, starts_at, ends_at, expires_at FROM alerts ORDER BY fingerprint"));
  return ReadAll<Alert>(std::move(select), [this](const Statement& row) -> Result<Alert> {
    Alert alert;
    HONE_ASSIGN_OR_RETURN(alert.labels, ParseLabels(row.Text(0), database_->path()));
    HONE_ASSIGN_OR_RETURN(alert.annotations, ParseLabels(row.Text(1), database_->path()));
    alert.starts_at = row.Int(2);
    alert.ends_at = TimeAt(row, 3);
    alert.expires_at = TimeAt(row, 4);
    return alert;
  });
}

Result<std::vector<AlertGroup>> AlertStore::Groups() {
  HONE_ASSIGN_OR_RETURN(
      Statement select,
      database_->Prepare("SELECT labels, next_look, told_at, told FROM alert_groups ORDER BY labels"));
  return ReadAll<AlertGroup>(std::move(select), [this](const Statement& row) -> Result<AlertGroup> {
    AlertGroup group;
    HONE_ASSIGN_OR_RETURN(group.labels, ParseLabels(row.Text(0), database_->path()));
    group.next_look = row.Int(1);
    group.told_at = row.Int(2);
    HONE_ASSIGN_OR_RETURN(const std::vector<std::string> told, ParseTexts(row.Text(3), database_->path()));
    group.told = {told.begin(), told.end()};
    return group;
  });
}

Status AlertStore::Save(const AlertBook& book, const AlertBook::Changes& changes) {
  for (const std::string& fingerprint : changes.alerts) HONE_RETURN_IF_ERROR(SaveAlert(book, fingerprint));
  for (const std::string& key : changes.groups) HONE_RETURN_IF_ERROR(SaveGroup(book, key));
  return OkStatus();
}

Status AlertStore::SaveAlert(const AlertBook& book, const std::string& fingerprint) {
  const auto alert = book.alerts().find(fingerprint);
  if (alert == book.alerts().end()) {
    HONE_ASSIGN_OR_RETURN(Statement remove, database_->Prepare("DELETE FROM alerts WHERE fingerprint = ?"));
    return remove.Run(fingerprint);
  }
  HONE_ASSIGN_OR_RETURN(
      Statement save, database_->Prepare("INSERT OR REPLACE INTO alerts (fingerprint, labels, annotations, starts_at, "
                                         "ends_at, expires_at) VALUES (?, ?, ?, ?, ?, ?)"));
  const Alert& as_is = alert->second;
  save.BindAll(fingerprint, LabelsJson(as_is.labels), LabelsJson(as_is.annotations), as_is.starts_at);
  BindTime(save, 5, as_is.ends_at);
  BindTime(save, 6, as_is.expires_at);
  return save.RunBound();
}

Status AlertStore::SaveGroup(const AlertBook& book, const std::string& key) {
  const auto group = book.groups().find(key);
  if (group == book.groups().end()) {
    HONE_ASSIGN_OR_RETURN(Statement remove, database_->Prepare("DELETE FROM alert_groups WHERE labels = ?"));
    return remove.Run(key);
  }
  HONE_ASSIGN_OR_RETURN(Statement save,
                        database_->Prepare("INSERT OR REPLACE INTO alert_groups (labels, next_look, told_at, told) "
                                           "VALUES (?, ?, ?, ?)"));
  return save.Run(key, group->second.next_look, group->second.told_at, TextsJson(group->second.told));
}

Status AlertStore::Add(const Silence& silence) {
  HONE_ASSIGN_OR_RETURN(
      Statement insert,
      database_->Prepare("INSERT INTO silences (id, matchers, starts_at, ends_at, created_by, comment) "
                         "VALUES (?, ?, ?, ?, ?, ?)"));
  std::vector<std::string> matchers;
  for (const LabelMatcher& matcher : silence.matchers) matchers.push_back(matcher.ToString());
  return insert.Run(silence.id, TextsJson(matchers), silence.starts_at, silence.ends_at, silence.created_by,
                    silence.comment);
}

Status AlertStore::End(const Id& silence, Time now) {
  HONE_ASSIGN_OR_RETURN(Statement update,
                        database_->Prepare("UPDATE silences SET ends_at = ?2 WHERE id = ?1 AND ends_at > ?2"));
  HONE_RETURN_IF_ERROR(update.Run(silence, now));
  if (database_->changes() > 0) return OkStatus();
  HONE_ASSIGN_OR_RETURN(Statement select, database_->Prepare("SELECT ends_at FROM silences WHERE id = ?"));
  select.BindAll(silence);
  HONE_ASSIGN_OR_RETURN(const bool known, select.Step());
  if (!known) return Error{ErrorCode::kNotFound, "there is no silence " + silence.ToString(), "", 0, "id"};
  return Error{ErrorCode::kConflict, fmt::format("the silence has ended, at {}", FormatTime(select.Int(0))), "", 0,
               "id"};
}

Result<std::vector<Silence>> AlertStore::Silences(Time time) {
  HONE_ASSIGN_OR_RETURN(Statement select,
                        database_->Prepare("SELECT id, matchers, starts_at, ends_at, created_by, comment FROM silences "
                                           "WHERE ends_at > ? ORDER BY id"));
  select.BindAll(time);
  return ReadAll<Silence>(std::move(select),
                          [this](const Statement& row) { return ReadSilence(row, database_->path()); });
}

Status AlertStore::ForgetSilences(Time time) {
  HONE_ASSIGN_OR_RETURN(Statement remove, database_->Prepare("DELETE FROM silences WHERE ends_at < ?"));
  return remove.Run(time);
}

}  // namespace hone
