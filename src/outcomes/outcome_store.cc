#include "outcomes/outcome_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>

#include "storage/partition_inserter.h"

namespace hone {
namespace {

constexpr Duration kLongestDelay = 400 * kDay;
constexpr Duration kClockSlack = kDay;

PartitionedTable OutcomeTable(PartitionSpan span) {
  return {"outcomes",
          "prediction_id BLOB PRIMARY KEY, sequence INTEGER NOT NULL, value REAL NOT NULL, time INTEGER NOT NULL",
          "WITHOUT ROWID", span};
}

Outcome ReadOutcome(const Statement& row) { return {row.IdAt(0), row.Double(1), row.Int(2)}; }

}  // namespace

Result<OutcomeStore> OutcomeStore::Open(Database& database, PartitionSpan span) {
  HONE_ASSIGN_OR_RETURN(Partitions outcomes, Partitions::Open(database, OutcomeTable(span)));
  return OutcomeStore(database, std::move(outcomes), CommitLog(database, "outcome_commits"));
}

Status OutcomeStore::CheckRow(const Outcome& row) const {
  if (!std::isfinite(row.value)) {
    return Error{ErrorCode::kInvalidArgument, fmt::format("must be a finite number, is {}", row.value), "", 0, "value"};
  }
  const Time made = row.prediction_id.time();
  // Ids of times before the epoch all carry time 0: nothing can be said about them.
  if (made == 0 || !outcomes_.Find(made).empty()) return OkStatus();
  if (made <= row.time + kClockSlack && made >= row.time - kLongestDelay) return OkStatus();
  return Error{ErrorCode::kNotFound,
               fmt::format("no prediction has the id {}: none was made around {}", row.prediction_id.ToString(),
                           FormatDate(made)),
               "", 0, "prediction_id"};
}

Result<OutcomeCounts> OutcomeStore::Append(std::span<const Outcome> rows) {
  OutcomeCounts counts;
  if (rows.empty()) return counts;
  HONE_ASSIGN_OR_RETURN(Transaction transaction, Transaction::Begin(*database_));
  HONE_ASSIGN_OR_RETURN(const std::int64_t first, commits_.Next());
  PartitionInserter inserter(*database_, outcomes_, "INSERT OR IGNORE INTO ",
                             " (prediction_id, sequence, value, time) VALUES (?, ?, ?, ?)");
  Id smallest;
  Id largest;
  for (const Outcome& row : rows) {
    HONE_RETURN_IF_ERROR(CheckRow(row));
    HONE_ASSIGN_OR_RETURN(Statement * insert, inserter.For(row.prediction_id.time()));
    HONE_RETURN_IF_ERROR(insert->Run(row.prediction_id, first + counts.stored, row.value, row.time));
    if (database_->changes() == 0) {
      ++counts.doubled;
      continue;
    }
    smallest = counts.stored == 0 ? row.prediction_id : std::min(smallest, row.prediction_id);
    largest = std::max(largest, row.prediction_id);
    ++counts.stored;
  }
  if (counts.stored > 0) HONE_RETURN_IF_ERROR(commits_.Append(counts.stored, smallest, largest));
  HONE_ASSIGN_OR_RETURN(Statement totals,
                        database_->Prepare("UPDATE outcome_totals SET stored = stored + ?, doubled = doubled + ?"));
  HONE_RETURN_IF_ERROR(totals.Run(counts.stored, counts.doubled));
  HONE_RETURN_IF_ERROR(transaction.Commit());
  return counts;
}

Result<std::optional<Outcome>> OutcomeStore::Find(const Id& prediction_id) {
  HONE_ASSIGN_OR_RETURN(const std::string_view table, outcomes_.Locate(prediction_id.time()));
  if (table.empty()) return std::optional<Outcome>();
  HONE_ASSIGN_OR_RETURN(
      Statement select,
      database_->Prepare(fmt::format("SELECT prediction_id, value, time FROM {} WHERE prediction_id = ?", table)));
  select.BindAll(prediction_id);
  HONE_ASSIGN_OR_RETURN(const bool row, select.Step());
  return row ? std::optional(ReadOutcome(select)) : std::nullopt;
}

Result<OutcomePage> OutcomeStore::After(std::int64_t sequence, std::int64_t limit) {
  OutcomePage page;
  page.last = sequence;
  HONE_ASSIGN_OR_RETURN(const std::optional<CommitRange> range, commits_.After(sequence, limit));
  if (!range) return page;
  HONE_ASSIGN_OR_RETURN(
      Statement select,
      database_->Prepare("SELECT prediction_id, value, time FROM outcomes WHERE prediction_id BETWEEN "
                         "? AND ? AND sequence BETWEEN ? AND ? ORDER BY sequence"));
  select.BindAll(range->smallest, range->largest, range->first, range->last);
  while (true) {
    HONE_ASSIGN_OR_RETURN(const bool row, select.Step());
    if (!row) break;
    page.rows.push_back(ReadOutcome(select));
  }
  page.last = range->last;
  return page;
}

Result<std::int64_t> OutcomeStore::LastSequence() {
  HONE_ASSIGN_OR_RETURN(const std::int64_t next, commits_.Next());
  return next - 1;
}

Result<OutcomeCounts> OutcomeStore::Totals() {
  HONE_ASSIGN_OR_RETURN(Statement select, database_->Prepare("SELECT stored, doubled FROM outcome_totals"));
  HONE_ASSIGN_OR_RETURN(const bool row, select.Step());
  return row ? OutcomeCounts{select.Int(0), select.Int(1)} : OutcomeCounts{};
}

Result<int> OutcomeStore::DropBefore(Time cutoff) { return outcomes_.DropBefore(cutoff); }

}  // namespace hone
