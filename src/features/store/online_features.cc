#include "features/store/online_features.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace hone {
namespace {

using Chosen = std::vector<const RegisteredFeature*>;

constexpr std::size_t kRowsACommit = 100'000;

// What `hone features backfill` writes where it is not told more.
Chosen ServedFeatures(const RegisteredFeatures& registered) {
  Chosen chosen;
  for (const RegisteredFeature& feature : registered.all()) {
    const UserDefinition& own = feature.definition;
    const bool newest = registered.definitions().Find(own.name)->version == own.version;
    if (newest && !own.deprecated && !own.embedding()) chosen.push_back(&feature);
  }
  return chosen;
}

bool SameFeatures(const FoldedFeatures& folded, const Chosen& chosen) {
  std::vector<std::int64_t> ids, columns;
  for (const RegisteredFeature* feature : chosen) ids.push_back(feature->id);
  for (const FoldedFeatures::Column& column : folded.columns) columns.push_back(column.feature);
  std::sort(columns.begin(), columns.end());
  return ids == columns;
}

}  // namespace

Result<RegisteredFeatures*> OnlineFeatures::Registered() {
  HONE_ASSIGN_OR_RETURN(const std::int64_t version, database_->QueryInt("PRAGMA data_version"));
  if (registered_ == nullptr || version != version_ || database_->rollbacks() != rollbacks_) {
    HONE_ASSIGN_OR_RETURN(RegisteredFeatures loaded, RegisteredFeatures::Load(*database_));
    registered_ = std::make_unique<RegisteredFeatures>(std::move(loaded));
    version_ = version;
    rollbacks_ = database_->rollbacks();
  }
  return registered_.get();
}

Result<OnlineFeatures::Taken> OnlineFeatures::Take(const BarSeries& series, Time now, bool told) {
  BarHistory history(*database_);
  HONE_ASSIGN_OR_RETURN(const std::optional<BarBatch> batch, history.Add(series.instrument, series, now, told));
  if (!batch) return Taken{};
  HONE_ASSIGN_OR_RETURN(const FeatureEntity entity, history.Find(series.instrument));
  HONE_ASSIGN_OR_RETURN(const Materialised written, Write(entity, *batch, now));
  counts_.bars += batch->bars;
  counts_.values += written.values;
  return Taken{batch->bars, written};
}

Result<Materialised> OnlineFeatures::Write(const FeatureEntity& entity, const BarBatch& batch, Time now) {
  HONE_ASSIGN_OR_RETURN(const RegisteredFeatures* registered, Registered());
  const Chosen chosen = ServedFeatures(*registered);
  if (chosen.empty()) return Materialised{};
  HONE_ASSIGN_OR_RETURN(FoldedFeatures * folded, FoldedBefore(entity, batch, chosen));
  if (folded == nullptr) return FoldAnew(entity, chosen, now);
  BarHistory history(*database_);
  HONE_ASSIGN_OR_RETURN(const std::vector<Bar> bars, history.SeriesAt(entity, batch.number, batch.first_open));
  Result<Materialised> written = Advance(*database_, *folded, batch, bars, now);
  if (!written.ok()) folds_.Erase(entity.name);
  return written;
}

// Null where they are not as they were left after the very batch before.
Result<FoldedFeatures*> OnlineFeatures::FoldedBefore(const FeatureEntity& entity, const BarBatch& batch,
                                                     const Chosen& chosen) {
  FoldedFeatures* folded = folds_.Find(entity.name);
  if (folded == nullptr || batch.late || folded->batch + 1 != batch.number || folded->entity.id != entity.id ||
      !SameFeatures(*folded, chosen)) {
    return nullptr;
  }
  HONE_ASSIGN_OR_RETURN(const std::optional<BarBatch> before,
                        BarHistory(*database_).NewestBatch(entity, folded->batch));
  return before && before->recorded_at == folded->recorded_at ? folded : nullptr;
}

Result<Materialised> OnlineFeatures::FoldAnew(const FeatureEntity& entity, const Chosen& chosen, Time now) {
  folds_.Erase(entity.name);
  std::optional<FoldedFeatures> left;
  HONE_ASSIGN_OR_RETURN(const Materialised written,
                        Materialise(*database_, *registered_, chosen, entity, now, kRowsACommit, &left));
  if (!left) {
    HONE_ASSIGN_OR_RETURN(left, Fold(*database_, *registered_, chosen, entity));
  }
  left->set.ReleaseBlock();
  folds_.Put(entity.name, std::move(*left));
  ++counts_.folds;
  counts_.folded = static_cast<std::int64_t>(folds_.size());
  return written;
}

}  // namespace hone
