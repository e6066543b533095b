// Where what happens becomes alerts, and alerts become messages for channels.
//
//   hone.db: alert_feed ──► rules ──► AlertBook ──► outbox of each channel (alerts.db) ──► couriers (integrations)
//   champions' metrics  ──►
//
// A turn reads what was committed since the last one, and writes what became of it (alerts, groups, messages, how far
// it has read) in one transaction: a process killed at any moment goes on from there, and nothing is lost or told by
// halves.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "alerts/alert_book.h"
#include "alerts/alert_feed.h"
#include "alerts/alert_rules.h"
#include "alerts/alert_store.h"
#include "base/id.h"
#include "base/time.h"

namespace hone {

// Who is told of what. Alerts of a group that do not pass are left out of the message.
struct AlertRoute {
  std::string channel;
  AlertSeverity at_least = AlertSeverity::kInfo;
  bool resolved = true;  // also of what has ended
};

struct AlertOptions {
  AlertTiming timing;
  AlertRules rules;
  Duration measure_every = 60 * kSecond;  // from one look at the champions' metrics to the next
  std::string external_url;               // of this server, told to receivers; may be ""
  std::vector<AlertRoute> routes;
  std::uint64_t seed = 1;  // of silences' ids; must differ from start to start
};

// An alert with the silences that keep it quiet now.
struct ListedAlert {
  Alert alert;
  std::vector<Id> silenced_by;
};

// Turn on one thread; all else on any.
class AlertDesk {
 public:
  // The champions' metrics at a time; called on Turn's thread.
  using Measure = std::function<Result<std::vector<MetricReading>>(Time now)>;

  // Of a folder that has a hone.db. What was committed before the first opening of all raises nothing. `clock` must
  // outlive it.
  static Result<std::unique_ptr<AlertDesk>> Open(const std::filesystem::path& folder, AlertOptions options,
                                                 const Clock& clock);

  // Before the first turn; without it metrics raise nothing.
  void MeasureBy(Measure measure) { measure_ = std::move(measure); }
  // What failed is tried again by the next turn, from what the store has.
  Status Turn();

  // By fingerprint.
  Result<std::vector<ListedAlert>> List();
  // That have not ended, by id.
  Result<std::vector<Silence>> Silences();
  // Gives it an id; starts now where `starts_at` is 0. kInvalidArgument as CheckSilence.
  Result<Silence> Add(Silence silence);
  // kNotFound, kConflict as AlertStore::End.
  Status End(const Id& silence);
  Time now() const { return clock_->Now(); }

 private:
  AlertDesk(AlertOptions options, const Clock& clock, std::unique_ptr<Database> events,
            std::unique_ptr<Database> alerts);
  Status Reload();
  Result<std::vector<MetricReading>> MeasureIfDue(Time now);
  Status TakeTurn(const std::vector<MetricReading>& readings, Time now);
  void Apply(const AlertChange& change, Time now);
  Status Put(const AlertNotice& notice, Time now);

  const AlertOptions options_;
  const Clock* clock_;
  Measure measure_;
  Time measured_ = 0;  // Turn's thread

  std::mutex mutex_;  // of all that follows
  std::unique_ptr<Database> events_, alerts_;
  AlertFeed feed_;
  AlertStore store_;
  AlertBook book_;
  std::int64_t read_ = 0;  // of the feed
  bool stale_ = false;     // the book is not what the store says
  IdGenerator ids_;
};

}  // namespace hone
