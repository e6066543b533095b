// Outcomes as they arrived: at most one a prediction, the first stands. Divided by the time in the prediction's id.
//
// An outcome is stored whether or not its prediction is there yet; the model's loop counts it when both are
// there and the horizon has passed. Append-only. Single-threaded, as its connection.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/id.h"
#include "base/result.h"
#include "records/prediction.h"
#include "storage/commit_log.h"
#include "storage/partitions.h"

namespace hone {

struct OutcomeCounts {
  std::int64_t stored = 0;   // first outcomes
  std::int64_t doubled = 0;  // later ones for the same id: counted, otherwise without effect
};

// Rows in commit order; `last` as in PredictionPage.
struct OutcomePage {
  std::vector<Outcome> rows;
  std::int64_t last = 0;
};

class OutcomeStore {
 public:
  // The migrations of outcomes/schema.h must have been applied. `span` is used where the store has no partition yet.
  static Result<OutcomeStore> Open(Database& database, PartitionSpan span = PartitionSpan::kMonth);

  // One transaction, or part of the one that is open: all rows or none. kInvalidArgument when a value is not finite;
  // kNotFound when no prediction can have that id: its time is later than the outcome's by a day, or earlier by 400
  // days with nothing stored of that time (so invented ids cannot make partitions without end).
  Result<OutcomeCounts> Append(std::span<const Outcome> rows);

  Result<std::optional<Outcome>> Find(const Id& prediction_id);
  // Rows committed after row number `sequence` (0: from the start), about `limit` of them, whole batches.
  Result<OutcomePage> After(std::int64_t sequence, std::int64_t limit);
  Result<std::int64_t> LastSequence();
  // Over the life of the store.
  Result<OutcomeCounts> Totals();

  Result<int> DropBefore(Time cutoff);

 private:
  friend class JoinedReader;
  OutcomeStore(Database& database, Partitions outcomes, CommitLog commits)
      : database_(&database), outcomes_(std::move(outcomes)), commits_(std::move(commits)) {}
  Status CheckRow(const Outcome& row) const;

  Database* database_;
  Partitions outcomes_;
  CommitLog commits_;
};

}  // namespace hone
