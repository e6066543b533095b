#include "storage/outbox.h"

#include "storage/database.h"

namespace hone {

Status Outbox::Put(std::string_view channel, std::string_view body, Time now) {
  HONE_ASSIGN_OR_RETURN(Statement insert,
                        database_->Prepare("INSERT INTO outbox (channel, put, due, body) VALUES (?1, ?2, ?2, ?3)"));
  return insert.Run(channel, now, body);
}

Result<std::vector<OutboxMessage>> Outbox::Due(std::string_view channel, Time now, std::size_t most) {
  HONE_ASSIGN_OR_RETURN(
      Statement select,
      database_->Prepare("SELECT number, put, attempts, body FROM outbox WHERE channel = ? AND due <= "
                         "? ORDER BY number LIMIT ?"));
  select.BindAll(channel, now, most);
  std::vector<OutboxMessage> messages;
  while (true) {
    HONE_ASSIGN_OR_RETURN(const bool row, select.Step());
    if (!row) return messages;
    messages.push_back({select.Int(0), select.Int(1), static_cast<int>(select.Int(2)), select.Text(3)});
  }
}

Status Outbox::Remove(std::int64_t number) {
  HONE_ASSIGN_OR_RETURN(Statement remove, database_->Prepare("DELETE FROM outbox WHERE number = ?"));
  return remove.Run(number);
}

Status Outbox::Defer(std::int64_t number, Time due) {
  HONE_ASSIGN_OR_RETURN(Statement update,
                        database_->Prepare("UPDATE outbox SET attempts = attempts + 1, due = ?2 WHERE number = ?1"));
  return update.Run(number, due);
}

Result<std::int64_t> Outbox::RemoveBefore(std::string_view channel, Time time) {
  HONE_ASSIGN_OR_RETURN(Statement remove, database_->Prepare("DELETE FROM outbox WHERE channel = ? AND put < ?"));
  HONE_RETURN_IF_ERROR(remove.Run(channel, time));
  return database_->changes();
}

Result<std::int64_t> Outbox::Count(std::string_view channel) {
  HONE_ASSIGN_OR_RETURN(Statement select, database_->Prepare("SELECT COUNT(*) FROM outbox WHERE channel = ?"));
  select.BindAll(channel);
  HONE_RETURN_IF_ERROR(select.Step());
  return select.Int(0);
}

Migrations OutboxMigrations() {
  return {
      {"outbox", 1, "outbox",
       "CREATE TABLE outbox (number INTEGER PRIMARY KEY AUTOINCREMENT, channel TEXT NOT NULL, put INTEGER NOT NULL, "
       "due INTEGER NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, body TEXT NOT NULL);"
       "CREATE INDEX outbox_channel ON outbox (channel, number);"}};
}

}  // namespace hone
