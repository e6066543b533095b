// The routes by subject, one file each. `engine` must outlive the table.
#pragma once

#include <string>
#include <vector>

#include "api/route_table.h"
#include "api/websocket/prediction_feed.h"
#include "base/executor.h"
#include "base/time.h"
#include "engine/live_engine.h"
#include "wire/prometheus.h"

namespace hone {

class AlertDesk;

// POST /outcomes, GET /predictions/{id}
void AddPredictionRoutes(RouteTable& routes, LiveEngine& engine);
// POST /market/bars; `feed` must outlive the table
void AddMarketRoutes(RouteTable& routes, LiveEngine& engine, PredictionFeed& feed);
// GET /models..., /models/{name}/performance, /decisions/{id}
void AddModelRoutes(RouteTable& routes, LiveEngine& engine);
// POST /models/{name}/retrain, rollback, promote
void AddActRoutes(RouteTable& routes, LiveEngine& engine);
// GET /api/v1/rollouts, /api/v1/rollouts/{name}; POST .../pause, resume, advance, abort, unfreeze. `guard` must outlive
// the table.
void AddRolloutRoutes(RouteTable& routes, LiveEngine& engine, const AccessGuard& guard);
// GET /api/v1/experiments, /api/v1/experiments/{id}, /api/v1/shadow-testing/summary
void AddExperimentRoutes(RouteTable& routes, LiveEngine& engine);
// POST /api/v1/drift/checks
void AddDriftCheckRoute(RouteTable& routes, LiveEngine& engine);
// POST /models/register, /models/promote-winner. Model files are read on `worker`, which must end before the engine.
void AddRegisterRoutes(RouteTable& routes, LiveEngine& engine, Executor& worker);
// POST /models/ab-test
void AddAbTestRoute(RouteTable& routes, LiveEngine& engine);
// GET /api/v1/alerts, /api/v1/silences, POST /api/v1/silences, DELETE /api/v1/silences/{id}: 503 without a desk, which
// must outlive what `worker` was given.
void AddAlertRoutes(RouteTable& routes, AlertDesk* desk, Executor& worker);
// GET /health, /livez, /readyz, /model/status, /metrics. Answered on the I/O thread: also while the engine is busy.
void AddHealthRoutes(RouteTable& routes, LiveEngine& engine, MetricRegistry& metrics, const Clock& clock,
                     const std::string& version, const std::string& gpu);

// GET /, /docs, /openapi.json; after every other route, which the document then tells of, as it does of `others`.
// `guard` must outlive the table.
void AddServiceRoutes(RouteTable& routes, const AccessGuard& guard, const std::vector<DeclaredRoute>& others,
                      const std::string& version);

// Everything the engine counts, as metrics.
void AddEngineMetrics(MetricRegistry& metrics, LiveEngine& engine, int io_threads);

}  // namespace hone
