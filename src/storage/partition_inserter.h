// Inserts rows into a partitioned table, keeping the prepared statement while they fall into one partition.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "base/result.h"
#include "storage/partitions.h"
#include "storage/statement.h"

namespace hone {

// For one batch inside one transaction. `into` and `values` are the SQL before and after the table's name:
// {"INSERT INTO ", " (id) VALUES (?)"}.
class PartitionInserter {
 public:
  PartitionInserter(Database& database, Partitions& partitions, std::string into, std::string values)
      : database_(&database), partitions_(&partitions), into_(std::move(into)), values_(std::move(values)) {}

  // The statement for a row of `time`; its partition is made where missing. Valid until the next call.
  Result<Statement*> For(Time time);

 private:
  Database* database_;
  Partitions* partitions_;
  std::string into_;
  std::string values_;
  std::string table_;
  std::optional<Statement> statement_;
};

}  // namespace hone
