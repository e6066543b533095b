#include "storage/commit_log.h"

#include <fmt/format.h>

#include <algorithm>

namespace hone {

Result<std::int64_t> CommitLog::Next() {
  if (next_ == 0 || rollbacks_ != database_->rollbacks()) {
    rollbacks_ = database_->rollbacks();
    HONE_ASSIGN_OR_RETURN(const std::int64_t last,
                          database_->QueryInt(fmt::format("SELECT max(last) FROM {}", table_)));
    next_ = last + 1;
  }
  return next_;
}

Status CommitLog::Append(std::int64_t count, const Id& smallest, const Id& largest) {
  HONE_ASSIGN_OR_RETURN(const std::int64_t first, Next());
  HONE_ASSIGN_OR_RETURN(
      Statement insert,
      database_->Prepare(fmt::format("INSERT INTO {} (last, first, smallest, largest) VALUES (?, ?, ?, ?)", table_)));
  HONE_RETURN_IF_ERROR(insert.Run(first + count - 1, first, smallest, largest));
  next_ = first + count;
  return OkStatus();
}

Result<std::optional<CommitRange>> CommitLog::After(std::int64_t sequence, std::int64_t rows) {
  HONE_ASSIGN_OR_RETURN(Statement batches,
                        database_->Prepare(fmt::format(
                            "SELECT first, last, smallest, largest FROM {} WHERE last > ? ORDER BY last", table_)));
  batches.BindAll(sequence);
  std::optional<CommitRange> range;
  while (true) {
    HONE_ASSIGN_OR_RETURN(const bool row, batches.Step());
    if (!row || (range && batches.Int(1) - range->first >= rows)) return range;
    const CommitRange batch{std::max(batches.Int(0), sequence + 1), batches.Int(1), batches.IdAt(2), batches.IdAt(3)};
    if (!range) {
      range = batch;
    } else {
      range->last = batch.last;
      range->smallest = std::min(range->smallest, batch.smallest);
      range->largest = std::max(range->largest, batch.largest);
    }
  }
}

std::string CommitLogSql(const std::string& table) {
  return fmt::format(
      "CREATE TABLE {} (last INTEGER PRIMARY KEY, first INTEGER NOT NULL, smallest BLOB NOT NULL, largest BLOB NOT "
      "NULL);",
      table);
}

}  // namespace hone
