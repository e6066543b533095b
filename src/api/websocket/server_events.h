// The server's own topics: heartbeat and metrics by the clock, alerts as decisions and drift are stored.
//
//   heartbeat {"clients":3,"predictions_stored":120,"outcomes_stored":80,"store_writable":true}
//   metrics   {"model","retrainings","promotions","rollbacks","rows","rmse","rmse_low","rmse_high"}, an event a model;
//             the last four are the champion's on matured predictions, null where there are none
//   alert     {"kind":"decision","decision":{...}} or {"kind":"drift","drift":{...}}, as GET /decisions/{id} and
//             GET /models/{name}/drift show them; a decision when it is on the disk
#pragma once

#include <functional>
#include <set>
#include <utility>
#include <vector>

#include "api/performance_refresh.h"
#include "api/websocket/topic_hub.h"
#include "base/time.h"
#include "engine/live_engine.h"
#include "wire/http_server.h"

namespace hone {

class ServerEvents {
 public:
  // References must outlive it. `every`: from one heartbeat, and one round of metrics, to the next.
  ServerEvents(TopicHub& hub, LiveEngine& engine, const Clock& clock, Duration every);

  // Also calls `hook` with each decision once it is on the disk, on the core thread; before the engine runs.
  void OnDecision(std::function<void(const Decision& decision)> hook) { on_decision_ = std::move(hook); }
  // Begins the heartbeat; before the server runs.
  void Connect(HttpServer& server);
  // Publishes what was decided and noticed since the last look; core thread, after a turn.
  void Look(LiveEngine& core);

 private:
  void Beat(HttpServer& server);
  void PublishHeartbeat(HttpServer& server);
  void PublishMetrics();
  void LookForDecisions(LiveEngine& core);
  void PublishDecision(const Decision& decision);
  void LookForDrift(LiveEngine& core);

  TopicHub* hub_;
  LiveEngine* engine_;
  const Clock* clock_;
  const Duration every_;
  std::function<void(const Decision& decision)> on_decision_;
  PerformanceRefresh refresh_;
  Time looked_ = 0;                 // core thread, as what follows
  bool primed_ = false;             // what was there before the start is known
  std::set<Id> decisions_, drift_;  // the newest, as of the last look
};

}  // namespace hone
