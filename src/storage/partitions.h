// A table divided by time: tables `<base>_YYYY_MM` (or `<base>_YYYY`) made on demand under a view `<base>` that joins
// them with UNION ALL, so that retention is dropping a table. SQLite joins at most 500 tables in a view: that is the
// limit (41 years by month).
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "storage/database.h"

namespace hone {

enum class PartitionSpan { kMonth, kYear };

// What is divided. `columns` is the inside of CREATE TABLE's parentheses, `options` what follows them ("WITHOUT
// ROWID").
struct PartitionedTable {
  std::string base;
  std::string columns;
  std::string options;
  PartitionSpan span = PartitionSpan::kMonth;
};

struct Partition {
  std::string table;  // "predictions_2008_09"
  Time begin = 0;     // [begin, end)
  Time end = 0;
};

// Belongs to the thread of its connection. Partitions are found in the file, so several connections agree; a store
// opened by month continues by month whatever `span` now says.
class Partitions {
 public:
  // On a writable connection also makes the view, over an empty table when there is no partition yet.
  static Result<Partitions> Open(Database& database, PartitionedTable table);

  // The table of `time`; made, and the view with it, when it does not exist. kResourceExhausted past 500.
  Result<std::string_view> TableFor(Time time);
  // The table of `time`, "" when there is none; sees what other connections made or dropped.
  Result<std::string_view> Locate(Time time);
  // The same from memory, as of the last Refresh, TableFor or Locate.
  std::string_view Find(Time time) const;
  // In order of time.
  std::vector<Partition> list() const;
  // Reads the list again from the file.
  Status Refresh();

  // Drops every partition that ends at or before `cutoff`; returns how many.
  Result<int> DropBefore(Time cutoff);

 private:
  Partitions(Database& database, PartitionedTable table) : database_(&database), table_(std::move(table)) {}
  Status RebuildView();
  Status RefreshIfRolledBack();

  Database* database_;
  PartitionedTable table_;
  std::map<Time, Partition> by_begin_;
  std::int64_t rollbacks_ = 0;
  std::int64_t schema_version_ = -1;
};

}  // namespace hone
