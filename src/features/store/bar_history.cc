#include "features/store/bar_history.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <utility>

#include "base/control_characters.h"
#include "storage/row_source.h"

namespace hone {
namespace {

// Fewer bars do not tell how far apart they are, nor whether a volume of 0 is one.
constexpr std::size_t kTellingBars = 5;

Status CheckEntityName(const std::string& name) {
  if (!name.empty() && name.size() <= 128 && !HasControl(name)) return OkStatus();
  return Error{ErrorCode::kInvalidArgument, "must be 1 to 128 bytes without control characters", "", 0, "entity"};
}

std::string KindOf(SeriesTraits traits) {
  return fmt::format("bars {} ranges and {} volume", traits.has_range ? "with" : "without",
                     traits.has_volume ? "with" : "without");
}

Error OtherKind(const FeatureEntity& entity, const BarSeries& series) {
  return {ErrorCode::kConflict,
          fmt::format("{}; {} has {}", KindOf(TraitsOf(series)), entity.name, KindOf(entity.traits)), series.source, 0,
          ""};
}

Status CheckSame(const FeatureEntity& entity, const BarSeries& series, bool told) {
  const SeriesTraits traits = TraitsOf(series);
  if (traits.has_range != entity.traits.has_range) return OtherKind(entity, series);  // its columns tell, one bar too
  if (!told && series.bars.size() < kTellingBars) return OkStatus();
  if (series.bar_size != entity.bar_size) {
    return Error{ErrorCode::kConflict,
                 fmt::format("bars of {} s; those of {} are of {} s, and features count bars",
                             series.bar_size / kSecond, entity.name, entity.bar_size / kSecond),
                 series.source, 0, "bar_size"};
  }
  return traits.has_volume == entity.traits.has_volume ? OkStatus() : Status(OtherKind(entity, series));
}

Status CheckOrder(const BarSeries& series) {
  for (std::size_t i = 1; i < series.bars.size(); ++i) {
    if (series.bars[i].open_time > series.bars[i - 1].open_time) continue;
    return Error{ErrorCode::kInvalidData,
                 fmt::format("bar {} opens at {}, not after the one before, {}; time must not go backwards", i + 1,
                             FormatTime(series.bars[i].open_time), FormatTime(series.bars[i - 1].open_time)),
                 series.source, 0, "open_time"};
  }
  return OkStatus();
}

FeatureEntity EntityOf(const Statement& row) {
  return {row.Int(0), row.Text(1), row.Int(2), {row.Int(3) != 0, row.Int(4) != 0}};
}

BarBatch BatchOf(const Statement& row) {
  return {row.Int(0), row.Int(1), row.Int(2), row.Int(3) != 0, row.Int(4), row.Text(5), row.Text(6)};
}

auto Figures(const Bar& bar) { return std::tie(bar.open, bar.high, bar.low, bar.close, bar.volume); }

// Bars of `series` that `known` lacks or has otherwise, with the time from which they were known.
std::vector<Bar> NewBars(const BarSeries& series, const std::vector<Bar>& known, Duration bar_size, Time now,
                         bool& late) {
  std::vector<Bar> fresh;
  std::size_t at = 0;
  for (Bar bar : series.bars) {
    while (at < known.size() && known[at].open_time < bar.open_time) ++at;
    const bool there = at < known.size() && known[at].open_time == bar.open_time;
    if (there && Figures(known[at]) == Figures(bar)) continue;
    const bool behind = !known.empty() && bar.open_time <= known.back().open_time;
    bar.known_at = bar.open_time + bar_size;
    if (behind) bar.known_at = std::max(bar.known_at, now);
    late = late || behind;
    fresh.push_back(bar);
  }
  return fresh;
}

struct BarRows : RowSource {
  BarRows(std::int64_t entity_id, std::int64_t number, const std::vector<Bar>& all)
      : entity(entity_id), batch(number), bars(all) {}
  std::size_t size() const override { return bars.size(); }
  void Tell(std::size_t row, int column, SqlValue& value) const override {
    const Bar& bar = bars[row];
    switch (column) {
      case 0: return value.Set(entity);
      case 1: return value.Set(bar.open_time);
      case 2: return value.Set(batch);
      case 3: return value.Set(bar.known_at);
      case 4: return value.Set(bar.open);
      case 5: return value.Set(bar.high);
      case 6: return value.Set(bar.low);
      case 7: return value.Set(bar.close);
      case 8: return value.Set(bar.volume);
      default: return;
    }
  }
  std::int64_t entity, batch;
  const std::vector<Bar>& bars;
};

}  // namespace

Result<std::optional<BarBatch>> BarHistory::Add(const std::string& entity, const BarSeries& series, Time now,
                                                bool told) {
  HONE_RETURN_IF_ERROR(CheckEntityName(entity));
  HONE_RETURN_IF_ERROR(CheckOrder(series));
  if (series.bars.empty()) return std::optional<BarBatch>();
  // Read before the write lock is taken: a server beside waits for it.
  std::vector<Bar> known;
  std::int64_t newest = 0;
  Duration bar_size = series.bar_size;
  if (const Result<FeatureEntity> there = Find(entity); there.ok()) {
    HONE_RETURN_IF_ERROR(CheckSame(*there, series, told));
    HONE_ASSIGN_OR_RETURN(const std::optional<BarBatch> last, NewestBatch(*there));
    if (last) newest = last->number;
    bar_size = there->bar_size;
    HONE_ASSIGN_OR_RETURN(known, SeriesAt(*there, newest, series.bars.front().open_time));
  }
  BarBatch batch;
  const std::vector<Bar> bars = NewBars(series, known, bar_size, now, batch.late);
  if (bars.empty()) return std::optional<BarBatch>();
  HONE_ASSIGN_OR_RETURN(Transaction transaction, Transaction::Begin(*database_));
  HONE_ASSIGN_OR_RETURN(const FeatureEntity found, FindOrMake(entity, series, told));
  HONE_ASSIGN_OR_RETURN(const std::optional<BarBatch> last, NewestBatch(found));
  if ((last ? last->number : 0) != newest) {
    return Error{ErrorCode::kConflict, fmt::format("another process added bars of {}; run this again", entity),
                 database_->path(), 0, ""};
  }
  if (last && now <= last->recorded_at) {
    return Error{ErrorCode::kConflict,
                 fmt::format("it is {}, yet bars of {} were recorded at {}; time must not go backwards",
                             FormatTime(now), entity, FormatTime(last->recorded_at)),
                 database_->path(), 0, "recorded_at"};
  }
  batch.number = newest + 1;
  batch.recorded_at = now;
  batch.first_open = bars.front().open_time;
  batch.bars = static_cast<std::int64_t>(bars.size());
  batch.source = series.source;
  batch.fingerprint = series.fingerprint;
  HONE_RETURN_IF_ERROR(Insert(found, batch, bars));
  HONE_RETURN_IF_ERROR(transaction.Commit());
  return std::optional(std::move(batch));
}

Result<FeatureEntity> BarHistory::FindOrMake(const std::string& name, const BarSeries& series, bool told) {
  Result<FeatureEntity> found = Find(name);
  if (found.ok() || found.error().code != ErrorCode::kNotFound) return found;
  if (!told && series.bars.size() < kTellingBars) {
    return Error{ErrorCode::kInvalidData,
                 fmt::format("{} bars do not tell how far apart bars are; the first of an entity must be {} or more",
                             series.bars.size(), kTellingBars),
                 series.source, 0, "bar_size"};
  }
  HONE_ASSIGN_OR_RETURN(Statement insert, database_->Prepare("INSERT INTO feature_entities (name, bar_size, has_range, "
                                                             "has_volume) VALUES (?, ?, ?, ?)"));
  HONE_RETURN_IF_ERROR(insert.Run(name, series.bar_size, series.has_range, series.has_volume));
  return Find(name);
}

Status BarHistory::Insert(const FeatureEntity& entity, const BarBatch& batch, const std::vector<Bar>& bars) {
  HONE_ASSIGN_OR_RETURN(Statement insert, database_->Prepare("INSERT INTO feature_batches (entity, batch, recorded_at, "
                                                             "first_open, late, bars, source, fingerprint) "
                                                             "VALUES (?, ?, ?, ?, ?, ?, ?, ?)"));
  HONE_RETURN_IF_ERROR(insert.Run(entity.id, batch.number, batch.recorded_at, batch.first_open, batch.late, batch.bars,
                                  batch.source, batch.fingerprint));
  HONE_ASSIGN_OR_RETURN(Statement rows, database_->Prepare("INSERT INTO feature_bars (entity, open_time, batch, "
                                                           "known_at, open, high, low, close, volume) SELECT c0, c1, "
                                                           "c2, c3, c4, c5, c6, c7, c8 FROM program_rows(?)"));
  return rows.Run(BarRows(entity.id, batch.number, bars));
}

Result<FeatureEntity> BarHistory::Find(const std::string& entity) {
  HONE_ASSIGN_OR_RETURN(Statement select, database_->Prepare("SELECT id, name, bar_size, has_range, has_volume "
                                                             "FROM feature_entities WHERE name = ?"));
  select.BindAll(entity);
  HONE_ASSIGN_OR_RETURN(const bool found, select.Step());
  if (found) return EntityOf(select);
  return Error{ErrorCode::kNotFound, fmt::format("there is no entity {} here", entity.substr(0, 80)), database_->path(),
               0, ""};
}

Result<std::vector<FeatureEntity>> BarHistory::Entities() {
  HONE_ASSIGN_OR_RETURN(Statement select, database_->Prepare("SELECT id, name, bar_size, has_range, has_volume "
                                                             "FROM feature_entities ORDER BY name"));
  std::vector<FeatureEntity> entities;
  for (;;) {
    HONE_ASSIGN_OR_RETURN(const bool row, select.Step());
    if (!row) return entities;
    entities.push_back(EntityOf(select));
  }
}

Result<std::vector<BarBatch>> BarHistory::Batches(const FeatureEntity& entity) {
  HONE_ASSIGN_OR_RETURN(Statement select,
                        database_->Prepare("SELECT batch, recorded_at, first_open, late, bars, source, fingerprint "
                                           "FROM feature_batches WHERE entity = ? ORDER BY batch"));
  select.BindAll(entity.id);
  std::vector<BarBatch> batches;
  for (;;) {
    HONE_ASSIGN_OR_RETURN(const bool row, select.Step());
    if (!row) return batches;
    batches.push_back(BatchOf(select));
  }
}

Result<std::optional<BarBatch>> BarHistory::NewestBatch(const FeatureEntity& entity, std::int64_t number) {
  HONE_ASSIGN_OR_RETURN(Statement select,
                        database_->Prepare("SELECT batch, recorded_at, first_open, late, bars, source, fingerprint "
                                           "FROM feature_batches WHERE entity = ? AND batch <= ? "
                                           "ORDER BY batch DESC LIMIT 1"));
  select.BindAll(entity.id, number);
  HONE_ASSIGN_OR_RETURN(const bool row, select.Step());
  return row ? std::optional(BatchOf(select)) : std::nullopt;
}

Result<std::vector<Bar>> BarHistory::SeriesAt(const FeatureEntity& entity, std::int64_t number, Time from) {
  HONE_ASSIGN_OR_RETURN(Statement select,
                        database_->Prepare("SELECT open_time, known_at, open, high, low, close, volume "
                                           "FROM feature_bars WHERE entity = ? AND open_time >= ? AND batch <= ? "
                                           "ORDER BY open_time, batch"));
  select.BindAll(entity.id, from, number);
  std::vector<Bar> bars;
  for (;;) {
    HONE_ASSIGN_OR_RETURN(const bool row, select.Step());
    if (!row) return bars;
    const Bar bar{select.Int(0),    select.Int(1),    select.Double(2), select.Double(3),
                  select.Double(4), select.Double(5), select.Double(6)};
    if (!bars.empty() && bars.back().open_time == bar.open_time) {
      bars.back() = bar;
    } else {
      bars.push_back(bar);
    }
  }
}

}  // namespace hone
