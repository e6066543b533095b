#include "features/store/latest_cache.h"

#include <algorithm>
#include <utility>

#include "features/store/bar_history.h"

namespace hone {
namespace {

bool IsAnswered(const RegisteredFeatures& registered, const RegisteredFeature& feature) {
  const UserDefinition& own = feature.definition;
  return !own.embedding() && registered.definitions().Find(own.name)->version == own.version;
}

NamedValue Named(const RegisteredFeature& feature) {
  return {feature.definition.name, feature.definition.version, feature.hash, {}};
}

}  // namespace

Result<LatestCache::Found> LatestCache::Find(const std::string& entity) {
  const std::lock_guard lock(mutex_);
  HONE_ASSIGN_OR_RETURN(const std::optional<LatestStamp> stamp, LatestSnapshots(*database_).Find(entity));
  const Kept* kept = kept_.Find(entity);
  if (kept == nullptr || !stamp || !(kept->stamp == *stamp)) return Found{nullptr, stamp};
  return Found{kept->values, stamp};
}

Result<LatestCache::Values> LatestCache::Load(const std::string& entity) {
  const std::lock_guard lock(mutex_);
  return LoadLocked(entity);
}

Result<LatestCache::Values> LatestCache::LoadLocked(const std::string& entity) {
  LatestSnapshots snapshots(*database_);
  HONE_ASSIGN_OR_RETURN(const std::optional<LatestStamp> stamp, snapshots.Find(entity));
  if (!stamp) {
    kept_.Erase(entity);
    HONE_RETURN_IF_ERROR(BarHistory(*database_).Find(entity));  // says so
    return Error{ErrorCode::kUnavailable, "the instrument is being added; ask again", database_->path(), 0, ""};
  }
  HONE_ASSIGN_OR_RETURN(const RegisteredFeatures* registered, Registered(stamp->definitions));
  HONE_ASSIGN_OR_RETURN(const LatestSnapshot snapshot, snapshots.Read(stamp->entity));
  const auto latest = std::make_shared<EntityLatest>();
  latest->entity = entity;
  latest->written_at = snapshot.written_at;
  for (const auto& [id, value] : snapshot.values) {
    if (id > std::ssize(registered->all()) || !IsAnswered(*registered, registered->Of(id))) continue;
    latest->values.push_back(Named(registered->Of(id)));
    latest->values.back().value = value;
  }
  kept_.Put(entity, {*stamp, latest});
  return Values(latest);
}

void LatestCache::Put(const LatestStamp& stamp, Values values) {
  const std::lock_guard lock(mutex_);
  if (values->written_at != stamp.written_at) return;
  const std::string entity = values->entity;
  kept_.Put(entity, {stamp, std::move(values)});
}

Result<EntityLatest> LatestCache::Asked(const std::string& entity) {
  const std::lock_guard lock(mutex_);
  HONE_ASSIGN_OR_RETURN(const std::int64_t definitions, database_->QueryInt("SELECT max(id) FROM feature_definitions"));
  HONE_ASSIGN_OR_RETURN(const RegisteredFeatures* registered, Registered(definitions));
  EntityLatest asked{entity, 0, {}};
  for (const RegisteredFeature& feature : registered->all()) {
    if (IsAnswered(*registered, feature)) asked.values.push_back(Named(feature));
  }
  return asked;
}

Result<std::vector<LatestCache::Values>> LatestCache::Restore() {
  const std::lock_guard lock(mutex_);
  HONE_ASSIGN_OR_RETURN(std::vector<std::string> names, LatestSnapshots(*database_).Newest(kept_.most()));
  std::reverse(names.begin(), names.end());  // the last one written is the last to go
  std::vector<Values> restored;
  for (const std::string& name : names) {
    HONE_ASSIGN_OR_RETURN(Values values, LoadLocked(name));
    restored.push_back(std::move(values));
  }
  return restored;
}

std::size_t LatestCache::size() const {
  const std::lock_guard lock(mutex_);
  return kept_.size();
}

Result<const RegisteredFeatures*> LatestCache::Registered(std::int64_t definitions) {
  if (registered_ == nullptr || definitions != definitions_) {
    HONE_ASSIGN_OR_RETURN(RegisteredFeatures loaded, RegisteredFeatures::Load(*database_));
    registered_ = std::make_unique<RegisteredFeatures>(std::move(loaded));
    definitions_ = definitions;
  }
  return registered_.get();
}

}  // namespace hone
