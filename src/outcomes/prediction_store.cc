#include "outcomes/prediction_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "outcomes/prediction_row.h"
#include "storage/float_blob.h"
#include "storage/partition_inserter.h"

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
  PartitionInserter inserter(*database_, predictions_, "INSERT INTO ",
                             " (id, sequence, time, model, version, role, propensity, features, value, latency) "
                             "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  Id smallest = rows.front().id;
  Id largest = rows.front().id;
  std::string features;
  for (const Prediction& row : rows) {
    HONE_ASSIGN_OR_RETURN(Statement * insert, inserter.For(row.id.time()));
    EncodeDoubles(row.features, features);
    HONE_RETURN_IF_ERROR(insert->Run(row.id, sequence++, row.time, row.model, row.version, RoleName(row.role),
                                     row.propensity, Blob{features}, row.value, row.latency));
    smallest = std::min(smallest, row.id);
    largest = std::max(largest, row.id);
  }
  HONE_RETURN_IF_ERROR(ranges_.Append(rows));
  HONE_RETURN_IF_ERROR(commits_.Append(static_cast<std::int64_t>(rows.size()), smallest, largest));
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
