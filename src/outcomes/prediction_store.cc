#include "outcomes/prediction_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "outcomes/prediction_row.h"
#include "storage/float_blob.h"
#include "storage/partition_inserter.h"
#include "storage/row_source.h"

namespace hone {
namespace {

PartitionedTable PredictionTable(PartitionSpan span) {
  return {"predictions",
          "id BLOB PRIMARY KEY, sequence INTEGER NOT NULL, time INTEGER NOT NULL, model TEXT NOT NULL, "
          "version TEXT NOT NULL, role TEXT NOT NULL, propensity REAL, features BLOB NOT NULL, value REAL, "
          "latency INTEGER NOT NULL",
          "WITHOUT ROWID", span};
}

PartitionedTable ShadowTable(PartitionSpan span) {
  return {"shadow_predictions",
          "prediction_id BLOB NOT NULL, version TEXT NOT NULL, value REAL, PRIMARY KEY (prediction_id, version)",
          "WITHOUT ROWID", span};
}

std::string InsertInto(std::string_view table) {
  return fmt::format(
      "INSERT INTO {} (id, sequence, time, model, version, role, propensity, features, value, latency) SELECT c0, c1, "
      "c2, c3, c4, c5, c6, c7, c8, c9 FROM program_rows(?)",
      table);
}

// In the order of InsertInto.
class PredictionRows : public RowSource {
 public:
  PredictionRows(std::span<const Prediction> rows, std::int64_t first_sequence) : rows_(rows), first_(first_sequence) {}

  std::size_t size() const override { return rows_.size(); }
  void Tell(std::size_t at, int column, SqlValue& value) const override {
    const Prediction& row = rows_[at];
    switch (column) {
      case 0: return value.Set(row.id);
      case 1: return value.Set(first_ + static_cast<std::int64_t>(at));
      case 2: return value.Set(row.time);
      case 3: return value.Set(std::string_view(row.model));
      case 4: return value.Set(std::string_view(row.version));
      case 5: return value.Set(std::string_view(RoleName(row.role)));
      case 6: return value.Set(row.propensity);
      case 7: return value.Set(DoublesAsBlob(row.features));
      case 8: return value.Set(row.value);
      case 9: return value.Set(row.latency);
      default: return;
    }
  }

 private:
  std::span<const Prediction> rows_;
  std::int64_t first_;
};

}  // namespace

Result<PredictionStore> PredictionStore::Open(Database& database, PartitionSpan span) {
  HONE_ASSIGN_OR_RETURN(Partitions predictions, Partitions::Open(database, PredictionTable(span)));
  HONE_ASSIGN_OR_RETURN(ModelRanges ranges, ModelRanges::Open(database, span));
  if (!database.read_only()) {
    for (const Partition& partition : predictions.list()) HONE_RETURN_IF_ERROR(ranges.ReplaceIndex(partition));
  }
  HONE_ASSIGN_OR_RETURN(Partitions shadows, Partitions::Open(database, ShadowTable(span)));
  return PredictionStore(database, std::move(predictions), std::move(ranges), std::move(shadows),
                         CommitLog(database, "prediction_commits"));
}

Status PredictionStore::Append(std::span<const Prediction> rows) {
  if (rows.empty()) return OkStatus();
  HONE_ASSIGN_OR_RETURN(Transaction transaction, Transaction::Begin(*database_));
  HONE_ASSIGN_OR_RETURN(std::int64_t sequence, commits_.Next());
  for (std::span<const Prediction> left = rows; !left.empty();) {
    HONE_ASSIGN_OR_RETURN(const std::string_view table, predictions_.TableFor(left.front().id.time()));
    const auto end = std::find_if(left.begin(), left.end(),
                                  [&](const Prediction& row) { return predictions_.Find(row.id.time()) != table; });
    const std::span<const Prediction> run(left.begin(), end);
    HONE_ASSIGN_OR_RETURN(Statement insert, database_->Prepare(InsertInto(table)));
    HONE_RETURN_IF_ERROR(insert.Run(PredictionRows(run, sequence)));
    sequence += static_cast<std::int64_t>(run.size());
    left = left.subspan(run.size());
  }
  const auto [smallest, largest] =
      std::minmax_element(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
  HONE_RETURN_IF_ERROR(ranges_.Append(rows));
  HONE_RETURN_IF_ERROR(commits_.Append(static_cast<std::int64_t>(rows.size()), smallest->id, largest->id));
  return transaction.Commit();
}

Status PredictionStore::AppendShadow(std::span<const ShadowPrediction> rows) {
  if (rows.empty()) return OkStatus();
  HONE_ASSIGN_OR_RETURN(Transaction transaction, Transaction::Begin(*database_));
  PartitionInserter inserter(*database_, shadows_, "INSERT OR IGNORE INTO ",
                             " (prediction_id, version, value) VALUES (?, ?, ?)");
  for (const ShadowPrediction& row : rows) {
    HONE_ASSIGN_OR_RETURN(Statement * insert, inserter.For(row.prediction_id.time()));
    HONE_RETURN_IF_ERROR(insert->Run(row.prediction_id, row.version, row.value));
  }
  return transaction.Commit();
}

Result<std::optional<Prediction>> PredictionStore::Find(const Id& id) {
  HONE_ASSIGN_OR_RETURN(const std::string_view table, predictions_.Locate(id.time()));
  if (table.empty()) return std::optional<Prediction>();
  HONE_ASSIGN_OR_RETURN(Statement select, database_->Prepare(fmt::format("SELECT {} FROM {} p WHERE p.id = ?",
                                                                         kPredictionColumns, table)));
  select.BindAll(id);
  HONE_ASSIGN_OR_RETURN(const bool row, select.Step());
  if (!row) return std::optional<Prediction>();
  HONE_ASSIGN_OR_RETURN(Prediction prediction, ReadPrediction(select, database_->path()));
  return std::optional(std::move(prediction));
}

Result<std::vector<ShadowPrediction>> PredictionStore::Shadows(const Id& id) {
  std::vector<ShadowPrediction> rows;
  HONE_ASSIGN_OR_RETURN(const std::string_view table, shadows_.Locate(id.time()));
  if (table.empty()) return rows;
  HONE_ASSIGN_OR_RETURN(
      Statement select,
      database_->Prepare(fmt::format("SELECT version, value FROM {} WHERE prediction_id = ? ORDER BY version", table)));
  select.BindAll(id);
  while (true) {
    HONE_ASSIGN_OR_RETURN(const bool row, select.Step());
    if (!row) return rows;
    rows.push_back({id, select.Text(0), select.Double(1)});
  }
}

Result<PredictionPage> PredictionStore::After(std::int64_t sequence, std::int64_t limit) {
  PredictionPage page;
  page.last = sequence;
  HONE_ASSIGN_OR_RETURN(const std::optional<CommitRange> range, commits_.After(sequence, limit));
  if (!range) return page;
  HONE_ASSIGN_OR_RETURN(Statement select,
                        database_->Prepare(fmt::format("SELECT {} FROM predictions p WHERE p.id BETWEEN ? AND ? AND "
                                                       "p.sequence BETWEEN ? AND ? ORDER BY p.sequence",
                                                       kPredictionColumns)));
  select.BindAll(range->smallest, range->largest, range->first, range->last);
  while (true) {
    HONE_ASSIGN_OR_RETURN(const bool row, select.Step());
    if (!row) break;
    HONE_ASSIGN_OR_RETURN(Prediction prediction, ReadPrediction(select, database_->path()));
    page.rows.push_back(std::move(prediction));
  }
  page.last = range->last;
  return page;
}

Result<std::int64_t> PredictionStore::LastSequence() {
  HONE_ASSIGN_OR_RETURN(const std::int64_t next, commits_.Next());
  return next - 1;
}

Result<int> PredictionStore::DropBefore(Time cutoff) {
  HONE_ASSIGN_OR_RETURN(Transaction transaction, Transaction::Begin(*database_));
  HONE_ASSIGN_OR_RETURN(const int predictions, predictions_.DropBefore(cutoff));
  HONE_ASSIGN_OR_RETURN(const int shadows, shadows_.DropBefore(cutoff));
  HONE_RETURN_IF_ERROR(ranges_.DropBefore(cutoff));
  HONE_RETURN_IF_ERROR(transaction.Commit());
  return predictions + shadows;
}

}  // namespace hone
