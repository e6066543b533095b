#include "outcomes/model_ranges.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "outcomes/first_id.h"
#include "storage/partition_inserter.h"

namespace hone {
namespace {

// Rows of the batch for each of the model's, at most, within a range.
constexpr std::size_t kMostStep = 8;
// No range reaches over the end of one, so none lies in two partitions.
constexpr Duration kLongest = kSecond;

Time Later(Time time, Duration by) {
  return time > std::numeric_limits<Time>::max() - by ? std::numeric_limits<Time>::max() : time + by;
}

bool SameSpan(const Id& a, const Id& b) { return a.time() / kLongest == b.time() / kLongest; }

struct Run {
  IdRange range;
  std::size_t last = 0;  // place of its newest row in the batch
};

std::vector<const Prediction*> InOrderOfId(std::span<const Prediction> rows) {
  std::vector<const Prediction*> ordered;
  ordered.reserve(rows.size());
  for (const Prediction& row : rows) ordered.push_back(&row);
  const auto earlier = [](const Prediction* a, const Prediction* b) { return a->id < b->id; };
  if (!std::is_sorted(ordered.begin(), ordered.end(), earlier)) std::sort(ordered.begin(), ordered.end(), earlier);
  return ordered;
}

}  // namespace

Result<ModelRanges> ModelRanges::Open(Database& database, PartitionSpan span) {
  HONE_ASSIGN_OR_RETURN(Partitions partitions,
                        Partitions::Open(database, {"model_ranges",
                                                    "model TEXT NOT NULL, largest BLOB NOT NULL, "
                                                    "smallest BLOB NOT NULL, PRIMARY KEY (model, largest, smallest)",
                                                    "WITHOUT ROWID", span}));
  return ModelRanges(database, std::move(partitions));
}

Status ModelRanges::Append(std::span<const Prediction> rows) {
  PartitionInserter inserter(*database_, partitions_, "INSERT INTO ", " (model, largest, smallest) VALUES (?, ?, ?)");
  const auto note = [&](std::string_view model, const IdRange& range) -> Status {
    HONE_ASSIGN_OR_RETURN(Statement * insert, inserter.For(range.smallest.time()));
    return insert->Run(model, range.largest, range.smallest);
  };
  std::unordered_map<std::string_view, Run> runs;
  std::size_t place = 0;
  for (const Prediction* row : InOrderOfId(rows)) {
    const auto [entry, fresh] = runs.try_emplace(row->model, Run{{row->id, row->id}, place});
    Run& run = entry->second;
    if (!fresh && (place - run.last > kMostStep || !SameSpan(run.range.smallest, row->id))) {
      HONE_RETURN_IF_ERROR(note(row->model, run.range));
      run.range.smallest = row->id;
    }
    run.range.largest = row->id;
    run.last = place++;
  }
  for (const auto& [model, run] : runs) HONE_RETURN_IF_ERROR(note(model, run.range));
  return OkStatus();
}

// Ranges of neighbouring batches may overlap, where several threads filled them: those are visited as one.
Result<bool> ModelRanges::VisitNewest(const std::string& model, Time time, Time begin, Time end, const Visitor& visit) {
  HONE_ASSIGN_OR_RETURN(const std::string_view table, partitions_.Locate(time));
  if (table.empty()) return true;
  HONE_ASSIGN_OR_RETURN(Statement select, database_->Prepare(fmt::format(
                                              "SELECT smallest, largest FROM {} WHERE model = ? AND largest >= ? AND "
                                              "largest < ? AND smallest < ? ORDER BY largest DESC",
                                              table)));
  select.BindAll(model, FirstIdOf(begin), FirstIdOf(Later(end, kLongest)), FirstIdOf(end));
  std::optional<IdRange> joined;
  while (true) {
    HONE_ASSIGN_OR_RETURN(const bool row, select.Step());
    if (!row) break;
    const IdRange next{select.IdAt(0), select.IdAt(1)};
    if (joined && next.largest >= joined->smallest) {
      joined->smallest = std::min(joined->smallest, next.smallest);
      continue;
    }
    if (joined) {
      HONE_ASSIGN_OR_RETURN(const bool more, visit(*joined));
      if (!more) return false;
    }
    joined = next;
  }
  return joined ? visit(*joined) : Result<bool>(true);
}

Status ModelRanges::ReplaceIndex(const Partition& predictions) {
  HONE_ASSIGN_OR_RETURN(Statement index,
                        database_->Prepare("SELECT 1 FROM sqlite_schema WHERE type = 'index' AND name = ?"));
  index.BindAll(predictions.table + "_by_model");
  HONE_ASSIGN_OR_RETURN(const bool found, index.Step());
  if (!found) return OkStatus();
  index.Reset();
  HONE_ASSIGN_OR_RETURN(Transaction transaction, Transaction::Begin(*database_));
  HONE_ASSIGN_OR_RETURN(const std::string_view table, partitions_.TableFor(predictions.begin));
  HONE_RETURN_IF_ERROR(
      database_->Execute(fmt::format("INSERT OR IGNORE INTO {0} (model, largest, smallest) SELECT model, id, id FROM "
                                     "{1}; DROP INDEX {1}_by_model",
                                     table, predictions.table)));
  return transaction.Commit();
}

}  // namespace hone
