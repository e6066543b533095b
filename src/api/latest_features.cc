#include "api/latest_features.h"

#include <utility>

#include "api/feature_answers.h"

namespace hone {
namespace {

constexpr const char *kMemory = "memory", *kRedis = "redis", *kDisk = "disk";
constexpr const char *kHit = "hit", *kMiss = "miss", *kError = "error";

}  // namespace

LatestFeatures::LatestFeatures(LatestCache& cache, SharedLatest* shared, Executor& worker, MetricRegistry& metrics)
    : cache_(&cache),
      shared_(shared),
      worker_(&worker),
      reads_(metrics.AddCounter("feature_latest_reads_total",
                                "Newest values asked of memory, then redis, then disk: hit, miss or error.",
                                {"level", "result"})) {}

void LatestFeatures::Tell(const Answer& answer, const std::string& entity) {
  const Result<LatestCache::Found> found = cache_->Find(entity);
  Count(kMemory, !found.ok() ? kError : found->values ? kHit : kMiss);
  if (found.ok() && found->values) return answer.Send(LatestJson(*found->values, kMemory, JsonStyle::kCompact));
  const std::optional<LatestStamp> stamp = found.ok() ? found->stamp : std::nullopt;
  worker_->Submit([self = shared_from_this(), answer, entity, stamp] { answer.Send(self->FromBelow(entity, stamp)); });
}

Result<std::string> LatestFeatures::FromBelow(const std::string& entity, const std::optional<LatestStamp>& stamp) {
  if (const LatestCache::Values values = FromShared(entity, stamp)) {
    return LatestJson(*values, kRedis, JsonStyle::kCompact);
  }
  const Result<LatestCache::Values> values = cache_->Load(entity);
  const bool none = !values.ok() && values.error().code == ErrorCode::kNotFound;
  Count(kDisk, values.ok() ? kHit : none ? kMiss : kError);
  if (!values.ok()) return values.error();
  if (shared_ != nullptr) shared_->Offer(*values);
  return LatestJson(**values, kDisk, JsonStyle::kCompact);
}

// Null where there are none that the folder itself would tell.
LatestCache::Values LatestFeatures::FromShared(const std::string& entity, const std::optional<LatestStamp>& stamp) {
  if (shared_ == nullptr) return nullptr;
  Result<EntityLatest> asked = cache_->Asked(entity);
  if (!asked.ok() || asked->values.empty()) return nullptr;
  const Result<bool> there = shared_->Read(*asked);
  const bool in_step = !stamp || (stamp->written_at != 0 && asked->written_at == stamp->written_at);
  const bool known = there.ok() && *there && in_step;
  Count(kRedis, !there.ok() ? kError : known ? kHit : kMiss);
  if (!known) return nullptr;
  auto values = std::make_shared<const EntityLatest>(std::move(*asked));
  if (stamp) cache_->Put(*stamp, values);
  return values;
}

}  // namespace hone
