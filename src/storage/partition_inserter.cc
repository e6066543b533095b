#include "storage/partition_inserter.h"

namespace hone {

Result<Statement*> PartitionInserter::For(Time time) {
  HONE_ASSIGN_OR_RETURN(const std::string_view table, partitions_->TableFor(time));
  if (!statement_ || table != table_) {
    table_ = table;
    HONE_ASSIGN_OR_RETURN(Statement fresh, database_->Prepare(into_ + table_ + values_));
    statement_.reset();
    statement_.emplace(std::move(fresh));
  }
  return &*statement_;
}

}  // namespace hone
