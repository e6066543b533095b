// Where each model's predictions lie among all of them, so that a model's history is found without reading the others'.
// An index would hold an entry for each row; this holds one for each run of rows in which a model has at least every
// eighth row of its batch, within one second of ids. A model that is asked often costs an entry a batch, one that is
// asked rarely an entry a row, and what is read to find n rows of a model is at most a small multiple of n.
//
// Belongs to the thread of its connection.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <utility>

#include "base/id.h"
#include "base/result.h"
#include "records/prediction.h"
#include "storage/partitions.h"

namespace hone {

// Rows of a model have ids in [smallest, largest]; rows of others may lie between.
struct IdRange {
  Id smallest;
  Id largest;
};

class ModelRanges {
 public:
  // `span`: the one of the table of predictions.
  static Result<ModelRanges> Open(Database& database, PartitionSpan span);

  // Notes the rows of one batch, in the transaction that inserts them.
  Status Append(std::span<const Prediction> rows);
  // Visits the ranges of the model that reach into [begin, end), by the time in the id, and were noted in the partition
  // of `time`: the newest first, none overlapping another, until `visit` says false. False when it did.
  using Visitor = std::function<Result<bool>(const IdRange& range)>;
  Result<bool> VisitNewest(const std::string& model, Time time, Time begin, Time end, const Visitor& visit);

  Result<int> DropBefore(Time cutoff) { return partitions_.DropBefore(cutoff); }

  // Older stores had an index over (model, id) for each partition of predictions: takes its entries over and drops it.
  Status ReplaceIndex(const Partition& predictions);

 private:
  ModelRanges(Database& database, Partitions partitions) : database_(&database), partitions_(std::move(partitions)) {}

  Database* database_;
  Partitions partitions_;
};

}  // namespace hone
