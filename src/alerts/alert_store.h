// Alerts, groups and silences as they stand. Tables: alerts, alert_groups, silences; in alerts.db, beside the outbox of
// what is to be told (storage/outbox.h).
//
// A file of its own: what is told of, retried and given up must never wait for the store of predictions, nor that for
// it.
#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "alerts/alert_book.h"
#include "alerts/silence.h"
#include "base/result.h"
#include "storage/database.h"

namespace hone {

// `folder`/alerts.db; unless `read_only` made where it is missing, and migrated. kNotFound (read_only and nothing
// there).
Result<std::unique_ptr<Database>> OpenAlertDatabase(const std::filesystem::path& folder, bool read_only = false);

// Single-threaded, as its connection. Several processes may add and end silences.
class AlertStore {
 public:
  explicit AlertStore(Database& database) : database_(&database) {}

  // By fingerprint, and by labels.
  Result<std::vector<Alert>> Alerts();
  Result<std::vector<AlertGroup>> Groups();
  // Writes those of the book that were changed, removes those it has forgotten.
  Status Save(const AlertBook& book, const AlertBook::Changes& changes);

  // Kept as it is, checked by CheckSilence before. kConflict when the id exists.
  Status Add(const Silence& silence);
  // It ends `now`. kNotFound; kConflict where it has ended before.
  Status End(const Id& silence, Time now);
  // Those that end after `time`, by id; the active ones and those to come for `time` = now.
  Result<std::vector<Silence>> Silences(Time time);
  // Those that ended before `time`.
  Status ForgetSilences(Time time);

 private:
  Status SaveAlert(const AlertBook& book, const std::string& fingerprint);
  Status SaveGroup(const AlertBook& book, const std::string& key);

  Database* database_;
};

}  // namespace hone
