#include "api/websocket/server_events.h"

#include <string>
#include <utility>

#include "api/record_json.h"
#include "base/log.h"
#include "wire/json_writer.h"

namespace hone {
namespace {

constexpr Duration kLookEvery = 200 * kMillisecond;
constexpr std::int64_t kNewest = 64;  // more than that between two looks are not told

// Those of `rows` that are not in `seen`, which becomes the ids of `rows`.
template <typename Row>
std::vector<const Row*> TakeNew(const std::vector<Row>& rows, std::set<Id>& seen) {
  std::vector<const Row*> fresh;
  std::set<Id> ids;
  for (const Row& row : rows) {
    ids.insert(row.id);
    if (!seen.contains(row.id)) fresh.push_back(&row);
  }
  seen = std::move(ids);
  return fresh;
}

std::string MetricsData(const std::string& model, const ModelFigures& figures) {
  JsonWriter json;
  json.BeginMap()
      .Member("model", model)
      .Member("retrainings", figures.retrainings.load())
      .Member("promotions", figures.promotions.load())
      .Member("rollbacks", figures.rollbacks.load())
      .Member("rows", figures.rows.load())
      .Member("rmse", figures.rmse.load())
      .Member("rmse_low", figures.rmse_low.load())
      .Member("rmse_high", figures.rmse_high.load())
      .EndMap();
  return json.Take();
}

}  // namespace

ServerEvents::ServerEvents(TopicHub& hub, LiveEngine& engine, const Clock& clock, Duration every)
    : hub_(&hub), engine_(&engine), clock_(&clock), every_(every), refresh_(engine) {}

void ServerEvents::Connect(HttpServer& server) {
  server.Post(0, [this, &server] { Beat(server); });
}

void ServerEvents::Beat(HttpServer& server) {
  if (hub_->wanted(Topic::kHeartbeat)) PublishHeartbeat(server);
  if (hub_->wanted(Topic::kMetrics)) PublishMetrics();
  server.PostAfter(0, every_, [this, &server] { Beat(server); });
}

void ServerEvents::PublishHeartbeat(HttpServer& server) {
  JsonWriter json;
  json.BeginMap()
      .Member("clients", server.counts().websockets)
      .Member("predictions_stored", engine_->predictions_stored())
      .Member("outcomes_stored", engine_->outcomes_stored())
      .Member("store_writable", engine_->healthy())
      .EndMap();
  hub_->Publish(Topic::kHeartbeat, "", json.text(), clock_->Now());
}

// What was measured before is told now, and measured again for the next time.
void ServerEvents::PublishMetrics() {
  for (const auto& [model, figures] : engine_->figures()) {
    hub_->Publish(Topic::kMetrics, model, MetricsData(model, figures), clock_->Now());
  }
  refresh_.Ask();
}

void ServerEvents::Look(LiveEngine& core) {
  if (core.now() - looked_ < kLookEvery && core.now() >= looked_) return;
  looked_ = core.now();
  LookForDecisions(core);
  LookForDrift(core);
  primed_ = true;
}

void ServerEvents::LookForDecisions(LiveEngine& core) {
  const Result<std::vector<Decision>> newest = core.store().decisions.List({.limit = kNewest});
  if (!newest.ok()) return LogError("decisions could not be read", {{"error", newest.error().ToString()}});
  for (const Decision* decision : TakeNew(*newest, decisions_)) {
    if (!primed_) continue;
    if (on_decision_) on_decision_(*decision);
    if (hub_->wanted(Topic::kAlert)) PublishDecision(*decision);
  }
}

void ServerEvents::PublishDecision(const Decision& decision) {
  JsonWriter json;
  WriteDecision(decision, json.BeginMap().Member("kind", "decision").Key("decision"));
  hub_->Publish(Topic::kAlert, decision.model, json.EndMap().text(), decision.time);
}

void ServerEvents::LookForDrift(LiveEngine& core) {
  const Result<std::vector<DriftEvent>> newest = core.store().drift.List({.limit = kNewest});
  if (!newest.ok()) return LogError("drift could not be read", {{"error", newest.error().ToString()}});
  for (const DriftEvent* event : TakeNew(*newest, drift_)) {
    if (!primed_ || !hub_->wanted(Topic::kAlert)) continue;
    JsonWriter json;
    WriteDriftEvent(*event, json.BeginMap().Member("kind", "drift").Key("drift"));
    hub_->Publish(Topic::kAlert, event->model, json.EndMap().text(), event->time);
  }
}

}  // namespace hone
