// The newest values of an instrument: from memory, else from Redis, else from the disk, counted by level as
// feature_latest_reads_total.
//
// What the server's own folder has, it tells: memory and Redis answer for it where their stamp is the one of the
// folder, so every level gives the same answer. Redis alone answers for instruments the folder does not have.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "api/route_table.h"
#include "base/executor.h"
#include "features/store/latest_cache.h"
#include "features/store/shared_latest.h"
#include "wire/prometheus.h"

namespace hone {

// Owned by a shared_ptr: what waits on the worker keeps it.
class LatestFeatures : public std::enable_shared_from_this<LatestFeatures> {
 public:
  // All must outlive it; `shared` may be null.
  LatestFeatures(LatestCache& cache, SharedLatest* shared, Executor& worker, MetricRegistry& metrics);

  // Any thread. What is not in memory is looked for on the worker.
  void Tell(const Answer& answer, const std::string& entity);

 private:
  Result<std::string> FromBelow(const std::string& entity, const std::optional<LatestStamp>& stamp);
  LatestCache::Values FromShared(const std::string& entity, const std::optional<LatestStamp>& stamp);
  void Count(const char* level, const char* result) { reads_.With({level, result}).Add(); }

  LatestCache* cache_;
  SharedLatest* shared_;
  Executor* worker_;
  MetricFamily<Counter>& reads_;
};

}  // namespace hone
