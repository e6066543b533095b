#include "engine/answered_request_store.h"

namespace hone {

Result<std::optional<AnsweredRequest>> AnsweredRequestStore::Find(std::string_view key, Time now) {
  HONE_ASSIGN_OR_RETURN(
      Statement select,
      database_->Prepare("SELECT fingerprint, answer, time FROM answered_requests WHERE key = ? AND time >= ?"));
  select.BindAll(key, now - kLifetime);
  HONE_ASSIGN_OR_RETURN(const bool found, select.Step());
  if (!found) return std::optional<AnsweredRequest>();
  return std::optional(AnsweredRequest{std::string(key), select.Text(0), select.Text(1), select.Int(2)});
}

Status AnsweredRequestStore::Add(const AnsweredRequest& answered) {
  HONE_ASSIGN_OR_RETURN(
      Statement insert,
      database_->Prepare(
          "INSERT OR REPLACE INTO answered_requests (key, fingerprint, answer, time) VALUES (?, ?, ?, ?)"));
  HONE_RETURN_IF_ERROR(insert.Run(answered.key, answered.fingerprint, answered.answer, answered.time));
  HONE_ASSIGN_OR_RETURN(Statement expire, database_->Prepare("DELETE FROM answered_requests WHERE time < ?"));
  HONE_RETURN_IF_ERROR(expire.Run(answered.time - kLifetime));
  HONE_ASSIGN_OR_RETURN(
      Statement bound,
      database_->Prepare(
          "DELETE FROM answered_requests WHERE number <= (SELECT max(number) FROM answered_requests) - ?"));
  return bound.Run(kMost);
}

}  // namespace hone
