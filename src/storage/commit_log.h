// The order in which rows of a partitioned table were committed. Rows keep their id as the only key; each carries a
// sequence number, and each batch leaves one small row here: its sequences and the smallest and largest of its ids. So
// rows later than a checkpoint are found by id range, without a second index on the large table.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "base/id.h"
#include "base/result.h"
#include "storage/database.h"

namespace hone {

// Rows [first, last] of a few neighbouring batches, their ids within [smallest, largest].
struct CommitRange {
  std::int64_t first = 0;
  std::int64_t last = 0;
  Id smallest;
  Id largest;
};

class CommitLog {
 public:
  // `table` ("prediction_commits") was made by CommitLogSql.
  CommitLog(Database& database, std::string table) : database_(&database), table_(std::move(table)) {}

  // The sequence the next row gets; the first ever is 1.
  Result<std::int64_t> Next();
  // Notes that rows Next() ... Next() + count - 1 were inserted, in the transaction now open.
  Status Append(std::int64_t count, const Id& smallest, const Id& largest);

  // The oldest batches after `sequence`, together about `rows` rows (at least one batch); nothing at the end.
  Result<std::optional<CommitRange>> After(std::int64_t sequence, std::int64_t rows);

 private:
  Database* database_;
  std::string table_;
  std::int64_t next_ = 0;  // 0: to be read from the file
  std::int64_t rollbacks_ = 0;
};

// The CREATE TABLE of a commit log, for a migration.
std::string CommitLogSql(const std::string& table);

}  // namespace hone
