// Decisions and drift events in the order they were committed. Table: alert_feed in hone.db, filled by triggers in the
// transaction of the row itself.
//
// Ids tell the time an event is of, and market time may lie in the past: only this order says what is new.
#pragma once

#include <cstdint>
#include <variant>
#include <vector>

#include "base/result.h"
#include "records/decision.h"
#include "records/drift_event.h"
#include "registry/decision_store.h"
#include "registry/drift_event_store.h"
#include "storage/migrations.h"

namespace hone {

struct FeedRow {
  std::int64_t sequence = 0;
  std::variant<Decision, DriftEvent> event;
};

// Single-threaded, as its connection, which may be read-only.
class AlertFeed {
 public:
  explicit AlertFeed(Database& database) : database_(&database), decisions_(database), drift_(database) {}

  // Those later than `sequence`, oldest first.
  Result<std::vector<FeedRow>> After(std::int64_t sequence, std::int64_t most);
  // Of the newest, 0 where there is none.
  Result<std::int64_t> Last();

 private:
  Result<FeedRow> Read(const Statement& row);

  Database* database_;
  DecisionStore decisions_;
  DriftEventStore drift_;
};

// Module "alert_feed", after the registry's.
Migrations AlertFeedMigrations();

}  // namespace hone
