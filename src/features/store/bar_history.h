// The bars that features were computed from, as they became known: late and corrected ones beside what they replace.
// Tables: feature_entities, feature_batches, feature_bars.
//
// An entity is an instrument. Its bars come in batches; a bar that is later than all before it was known at its close,
// a late or corrected one when its batch was recorded. So the series at a batch is what was known after it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "features/feature.h"
#include "market/bar.h"
#include "storage/database.h"

namespace hone {

struct FeatureEntity {
  std::int64_t id = 0;
  std::string name;
  Duration bar_size = kDay;
  SeriesTraits traits;
};

struct BarBatch {
  std::int64_t number = 0;  // 1, 2, ... of the entity
  Time recorded_at = 0;
  Time first_open = 0;  // of its bars
  bool late = false;    // one of its bars is not later than all of the batches before
  std::int64_t bars = 0;
  std::string source, fingerprint;
};

// Single-threaded, as its connection.
class BarHistory {
 public:
  explicit BarHistory(Database& database) : database_(&database) {}

  // Adds what is new or different in the series as one batch; nothing where there is nothing. The first series tells
  // the entity's bar size and whether it has ranges and volume; a later one of five bars or more must agree, a shorter
  // one tells neither, unless both are `told`: known from elsewhere than the bars. Costs what there is from the first
  // of the bars on. Errors: kInvalidArgument (the name is empty, longer than 128 bytes or has control characters),
  // kInvalidData (open times do not increase), kConflict (another bar size or kind of bars; `now` is not after the
  // newest batch).
  Result<std::optional<BarBatch>> Add(const std::string& entity, const BarSeries& series, Time now, bool told = false);

  // kNotFound.
  Result<FeatureEntity> Find(const std::string& entity);
  Result<std::vector<FeatureEntity>> Entities();  // by name
  Result<std::vector<BarBatch>> Batches(const FeatureEntity& entity);
  // The newest one up to `number`; nothing where there is none.
  Result<std::optional<BarBatch>> NewestBatch(const FeatureEntity& entity, std::int64_t number = INT64_MAX);
  // As of batch `number` (INT64_MAX: the newest), oldest first, those that open at `from` or later; known_at of a late
  // or corrected bar is when it was recorded, if that is after its close.
  Result<std::vector<Bar>> SeriesAt(const FeatureEntity& entity, std::int64_t number, Time from = INT64_MIN);

 private:
  Result<FeatureEntity> FindOrMake(const std::string& name, const BarSeries& series, bool told);
  Status Insert(const FeatureEntity& entity, const BarBatch& batch, const std::vector<Bar>& bars);

  Database* database_;
};

}  // namespace hone
