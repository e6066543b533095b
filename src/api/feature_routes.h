// GET and POST /api/v1/features, GET /api/v1/features/{name}, its /stats and /lineage, and
// /api/v1/features/latest/{entity}: the feature store of the server's folder.
#pragma once

#include "api/route_table.h"
#include "base/executor.h"
#include "engine/live_engine.h"
#include "features/store/shared_latest.h"
#include "wire/prometheus.h"

namespace hone {

// `engine`, `shared` (null: nobody) and `metrics` must outlive the table, and `worker` end before the engine: it reads
// stored values, beside the engine.
void AddFeatureRoutes(RouteTable& routes, LiveEngine& engine, Executor& worker, SharedLatest* shared,
                      MetricRegistry& metrics);

}  // namespace hone
