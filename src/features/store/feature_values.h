// Values of registered features, each with the time it is about, when it became known and when it was recorded; a value
// that late bars changed stands beside what it was. Tables: feature_values, feature_progress.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "storage/database.h"

namespace hone {

struct FeatureValue {
  Time event_time = 0;   // the close of its bar
  Time known_at = 0;     // when the last of the bars it is made of was known, >= event_time
  Time recorded_at = 0;  // when it was written
  double value = 0;      // NaN: missing
};

// A value as it is written.
struct FeatureValueRow {
  std::int64_t feature = 0, entity = 0, batch = 0;
  FeatureValue value;
};

// How far a feature of an entity is: everything of the batches before `batch` is written, and of that batch the bars
// that opened at or before `through`.
struct FeatureProgress {
  std::int64_t batch = 1;
  Time through = INT64_MIN;
  auto operator<=>(const FeatureProgress&) const = default;
};

// Single-threaded, as its connection.
class FeatureValues {
 public:
  explicit FeatureValues(Database& database) : database_(&database) {}

  // Rows, in the order of their events, and the progress they make from `from`, in one transaction with the snapshot of
  // the newest values (latest_snapshots.h). kConflict: another process has written values of the entity meanwhile.
  Status Append(std::span<const FeatureValueRow> rows, std::span<const std::int64_t> features, std::int64_t entity,
                const FeatureProgress& from, const FeatureProgress& progress);
  // The beginning where nothing was written.
  Result<FeatureProgress> Progress(std::int64_t feature, std::int64_t entity);

  // Every version of every value from `from` on, ordered by event time, then as they were written.
  Result<std::vector<FeatureValue>> History(std::int64_t feature, std::int64_t entity, Time from = INT64_MIN);
  // The newest version of the newest value; nothing where there is none.
  Result<std::optional<FeatureValue>> Latest(std::int64_t feature, std::int64_t entity);

 private:
  Database* database_;
};

}  // namespace hone
