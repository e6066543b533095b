#include "alerts/alert_feed.h"

#include "storage/database.h"

namespace hone {

Result<std::vector<FeedRow>> AlertFeed::After(std::int64_t sequence, std::int64_t most) {
  HONE_ASSIGN_OR_RETURN(
      Statement select,
      database_->Prepare("SELECT sequence, source, id FROM alert_feed f WHERE sequence > ? AND CASE source WHEN "
                         "'decision' THEN EXISTS (SELECT 1 FROM decisions d WHERE d.id = f.id) ELSE EXISTS (SELECT 1 "
                         "FROM drift_events e WHERE e.id = f.id) END ORDER BY sequence LIMIT ?"));
  select.BindAll(sequence, most);
  std::vector<FeedRow> rows;
  while (true) {
    HONE_ASSIGN_OR_RETURN(const bool row, select.Step());
    if (!row) return rows;
    HONE_ASSIGN_OR_RETURN(FeedRow read, Read(select));
    rows.push_back(std::move(read));
  }
}

Result<FeedRow> AlertFeed::Read(const Statement& row) {
  FeedRow read;
  read.sequence = row.Int(0);
  const bool decision = row.Bytes(1) == "decision";
  if (decision) {
    HONE_ASSIGN_OR_RETURN(std::optional<Decision> found, decisions_.Find(row.IdAt(2)));
    if (found) read.event = std::move(*found);
    if (found) return read;
  } else {
    HONE_ASSIGN_OR_RETURN(std::optional<DriftEvent> found, drift_.Find(row.IdAt(2)));
    if (found) read.event = std::move(*found);
    if (found) return read;
  }
  return Error{ErrorCode::kCorrupt, "there is no " + row.Text(1) + " " + row.IdAt(2).ToString(), database_->path(), 0,
               "alert_feed.id"};
}

Result<std::int64_t> AlertFeed::Last() { return database_->QueryInt("SELECT MAX(sequence) FROM alert_feed"); }

Migrations AlertFeedMigrations() {
  return {{"alert_feed", 1, "alert_feed",
           "CREATE TABLE alert_feed (sequence INTEGER PRIMARY KEY AUTOINCREMENT, source TEXT NOT NULL CHECK (source IN "
           "('decision', 'drift')), id BLOB NOT NULL);"
           "CREATE TRIGGER decisions_feed AFTER INSERT ON decisions "
           "BEGIN INSERT INTO alert_feed (source, id) VALUES ('decision', NEW.id); END;"
           "CREATE TRIGGER drift_events_feed AFTER INSERT ON drift_events "
           "BEGIN INSERT INTO alert_feed (source, id) VALUES ('drift', NEW.id); END;"}};
}

}  // namespace hone
