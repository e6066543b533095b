#include "features/store/feature_values.h"

#include <cmath>

#include "features/store/latest_snapshots.h"
#include "storage/row_source.h"

namespace hone {
namespace {

// SQLite keeps -0 as 0: its bytes are written instead.
constexpr char kMinusZero[9] = "\0\0\0\0\0\0\0\x80";

void SetNumber(double number, SqlValue& value) {
  if (number == 0 && std::signbit(number)) return value.Set(Blob{{kMinusZero, 8}});
  value.Set(number);
}

double Told(const Statement& row, int column) {
  const double number = row.Double(column);
  return number == 0 && row.Bytes(column).size() == 8 ? -0.0 : number;
}

struct ValueRows : RowSource {
  explicit ValueRows(std::span<const FeatureValueRow> all) : rows(all) {}
  std::size_t size() const override { return rows.size(); }
  void Tell(std::size_t at, int column, SqlValue& value) const override {
    const FeatureValueRow& row = rows[at];
    switch (column) {
      case 0: return value.Set(row.feature);
      case 1: return value.Set(row.entity);
      case 2: return value.Set(row.value.event_time);
      case 3: return value.Set(row.batch);
      case 4: return value.Set(row.value.known_at);
      case 5: return value.Set(row.value.recorded_at);
      case 6: return SetNumber(row.value.value, value);
      default: return;
    }
  }
  std::span<const FeatureValueRow> rows;
};

FeatureValue ValueOf(const Statement& row) { return {row.Int(0), row.Int(1), row.Int(2), Told(row, 3)}; }

}  // namespace

Status FeatureValues::Append(std::span<const FeatureValueRow> rows, std::span<const std::int64_t> features,
                             std::int64_t entity, const FeatureProgress& from, const FeatureProgress& progress) {
  HONE_ASSIGN_OR_RETURN(Transaction transaction, Transaction::Begin(*database_));
  for (const std::int64_t feature : features) {
    HONE_ASSIGN_OR_RETURN(const FeatureProgress there, Progress(feature, entity));
    if (there != from) {
      return Error{ErrorCode::kConflict, "another process writes values of this instrument; run this again",
                   database_->path(), 0, "feature_progress"};
    }
  }
  HONE_RETURN_IF_ERROR(LatestSnapshots(*database_).Merge(entity, rows));
  HONE_ASSIGN_OR_RETURN(Statement insert,
                        database_->Prepare("INSERT INTO feature_values (feature, entity, event_time, batch, known_at, "
                                           "recorded_at, value) SELECT c0, c1, c2, c3, c4, c5, c6 "
                                           "FROM program_rows(?)"));
  HONE_RETURN_IF_ERROR(insert.Run(ValueRows(rows)));
  HONE_ASSIGN_OR_RETURN(Statement note,
                        database_->Prepare("INSERT OR REPLACE INTO feature_progress (feature, entity, batch, through) "
                                           "VALUES (?, ?, ?, ?)"));
  for (const std::int64_t feature : features) {
    HONE_RETURN_IF_ERROR(note.Run(feature, entity, progress.batch, progress.through));
  }
  return transaction.Commit();
}

Result<FeatureProgress> FeatureValues::Progress(std::int64_t feature, std::int64_t entity) {
  HONE_ASSIGN_OR_RETURN(Statement select, database_->Prepare("SELECT batch, through FROM feature_progress "
                                                             "WHERE feature = ? AND entity = ?"));
  select.BindAll(feature, entity);
  HONE_ASSIGN_OR_RETURN(const bool row, select.Step());
  return row ? FeatureProgress{select.Int(0), select.Int(1)} : FeatureProgress{};
}

Result<std::vector<FeatureValue>> FeatureValues::History(std::int64_t feature, std::int64_t entity, Time from) {
  HONE_ASSIGN_OR_RETURN(Statement select,
                        database_->Prepare("SELECT event_time, known_at, recorded_at, value FROM feature_values "
                                           "WHERE feature = ? AND entity = ? AND event_time >= ? "
                                           "ORDER BY event_time, batch"));
  select.BindAll(feature, entity, from);
  std::vector<FeatureValue> values;
  for (;;) {
    HONE_ASSIGN_OR_RETURN(const bool row, select.Step());
    if (!row) return values;
    values.push_back(ValueOf(select));
  }
}

Result<std::optional<FeatureValue>> FeatureValues::Latest(std::int64_t feature, std::int64_t entity) {
  HONE_ASSIGN_OR_RETURN(Statement select,
                        database_->Prepare("SELECT event_time, known_at, recorded_at, value FROM feature_values "
                                           "WHERE feature = ? AND entity = ? ORDER BY event_time DESC, batch DESC "
                                           "LIMIT 1"));
  select.BindAll(feature, entity);
  HONE_ASSIGN_OR_RETURN(const bool row, select.Step());
  return row ? std::optional(ValueOf(select)) : std::nullopt;
}

}  // namespace hone
