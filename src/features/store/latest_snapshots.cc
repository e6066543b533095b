#include "features/store/latest_snapshots.h"

#include <algorithm>
#include <map>

#include "base/log.h"

namespace hone {

Result<std::optional<LatestStamp>> LatestSnapshots::Find(const std::string& entity) {
  HONE_ASSIGN_OR_RETURN(Statement select,
                        database_->Prepare("SELECT e.id, coalesce(l.written_at, 0), (SELECT max(id) FROM "
                                           "feature_definitions) FROM feature_entities e LEFT JOIN feature_latest l "
                                           "ON l.entity = e.id WHERE e.name = ?"));
  select.BindAll(entity);
  HONE_ASSIGN_OR_RETURN(const bool row, select.Step());
  return row ? std::optional(LatestStamp{select.Int(0), select.Int(1), select.Int(2)}) : std::nullopt;
}

Result<LatestSnapshot> LatestSnapshots::Read(std::int64_t entity) {
  HONE_ASSIGN_OR_RETURN(Statement select,
                        database_->Prepare("SELECT written_at, bytes FROM feature_latest WHERE entity = ?"));
  select.BindAll(entity);
  HONE_ASSIGN_OR_RETURN(const bool row, select.Step());
  if (!row) return Remade(entity, 0);
  const Time written_at = select.Int(0);
  Result<LatestSnapshot> snapshot = DecodeSnapshot(select.Bytes(1));
  if (snapshot.ok() && snapshot->written_at == written_at) return snapshot;
  LogWarning("a snapshot of newest values is damaged and is made again from the values",
             {{"store", database_->path()},
              {"entity", entity},
              {"error", snapshot.ok() ? "was written at another time than it tells" : snapshot.error().message}});
  return Remade(entity, written_at);
}

Result<LatestSnapshot> LatestSnapshots::Remade(std::int64_t entity, Time written_at) {
  HONE_ASSIGN_OR_RETURN(Statement select, database_->Prepare("SELECT id FROM feature_definitions ORDER BY id"));
  LatestSnapshot snapshot;
  snapshot.written_at = written_at;
  for (;;) {
    HONE_ASSIGN_OR_RETURN(const bool row, select.Step());
    if (!row) return snapshot;
    HONE_ASSIGN_OR_RETURN(const auto latest, FeatureValues(*database_).Latest(select.Int(0), entity));
    if (latest) snapshot.values.push_back({select.Int(0), *latest});
  }
}

Result<std::vector<std::string>> LatestSnapshots::Newest(std::size_t most) {
  HONE_ASSIGN_OR_RETURN(Statement select,
                        database_->Prepare("SELECT e.name FROM feature_latest l JOIN feature_entities e "
                                           "ON e.id = l.entity ORDER BY l.written_at DESC, e.id LIMIT ?"));
  select.BindAll(most);
  std::vector<std::string> names;
  for (;;) {
    HONE_ASSIGN_OR_RETURN(const bool row, select.Step());
    if (!row) return names;
    names.push_back(select.Text(0));
  }
}

Status LatestSnapshots::Merge(std::int64_t entity, std::span<const FeatureValueRow> rows) {
  if (rows.empty()) return OkStatus();
  HONE_ASSIGN_OR_RETURN(LatestSnapshot snapshot, Read(entity));
  std::map<std::int64_t, FeatureValue> values;
  for (const LatestOfFeature& latest : snapshot.values) values.emplace(latest.feature, latest.value);
  Time written_at = snapshot.written_at + 1;
  for (const FeatureValueRow& row : rows) {
    written_at = std::max(written_at, row.value.recorded_at);
    const auto [place, added] = values.try_emplace(row.feature, row.value);
    if (!added && row.value.event_time >= place->second.event_time) place->second = row.value;
  }
  snapshot = {written_at, {}};
  for (const auto& [feature, value] : values) snapshot.values.push_back({feature, value});
  HONE_ASSIGN_OR_RETURN(Statement write,
                        database_->Prepare("INSERT OR REPLACE INTO feature_latest (entity, written_at, bytes) "
                                           "VALUES (?, ?, ?)"));
  const std::string bytes = EncodeSnapshot(snapshot);
  return write.Run(entity, written_at, Blob{bytes});
}

}  // namespace hone
