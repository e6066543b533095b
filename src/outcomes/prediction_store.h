// The log of predictions and of what the other live versions would have answered. Rows are divided by the time in the
// prediction's id, keyed by the id, found by model through ranges of ids, and numbered in the order they were
// committed.
//
// Append-only. Single-threaded, as its connection; safe to go on using after a transaction was rolled back.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/id.h"
#include "base/result.h"
#include "outcomes/model_ranges.h"
#include "records/prediction.h"
#include "storage/commit_log.h"
#include "storage/partitions.h"

namespace hone {

// Rows in commit order. `last` is the checkpoint to go on from: pass it to the next call; unchanged when nothing
// followed.
struct PredictionPage {
  std::vector<Prediction> rows;
  std::int64_t last = 0;
};

class PredictionStore {
 public:
  // The migrations of outcomes/schema.h must have been applied. `span` is used where the store has no partition yet.
  // The first opening of a store that an older hone wrote rewrites how its models are found, once.
  static Result<PredictionStore> Open(Database& database, PartitionSpan span = PartitionSpan::kMonth);

  // One transaction, or part of the one that is open: all rows or none. kConflict when an id exists. A NaN value is
  // stored and comes back as NaN.
  Status Append(std::span<const Prediction> rows);
  // All or none. A second answer of the same version to the same prediction is ignored.
  Status AppendShadow(std::span<const ShadowPrediction> rows);

  Result<std::optional<Prediction>> Find(const Id& id);
  // By version.
  Result<std::vector<ShadowPrediction>> Shadows(const Id& id);
  // Rows committed after row number `sequence` (0: from the start), about `limit` of them, whole batches.
  Result<PredictionPage> After(std::int64_t sequence, std::int64_t limit);
  // Number of the newest row, 0 when there is none.
  Result<std::int64_t> LastSequence();

  // Drops whole partitions that end at or before `cutoff`; returns how many tables went.
  Result<int> DropBefore(Time cutoff);

 private:
  friend class JoinedReader;
  PredictionStore(Database& database, Partitions predictions, ModelRanges ranges, Partitions shadows, CommitLog commits)
      : database_(&database),
        predictions_(std::move(predictions)),
        ranges_(std::move(ranges)),
        shadows_(std::move(shadows)),
        commits_(std::move(commits)) {}

  Database* database_;
  Partitions predictions_;
  ModelRanges ranges_;
  Partitions shadows_;
  CommitLog commits_;
};

}  // namespace hone
