// What the detectors reported. Table: drift_events.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "records/drift_event.h"
#include "storage/database.h"

namespace hone {

// Conditions left at their default admit everything.
struct DriftEventQuery {
  std::string model = {};
  Severity at_least = Severity::kNone;
  std::optional<Id> before = std::nullopt;  // events older than this one: the next page
  std::int64_t limit = 10'000;              // the newest so many
};

// Single-threaded, as its connection. NaN statistics come back as NaN.
class DriftEventStore {
 public:
  explicit DriftEventStore(Database& database) : database_(&database) {}

  Status Append(const DriftEvent& event);
  Result<std::optional<DriftEvent>> Find(const Id& id);
  // Oldest first.
  Result<std::vector<DriftEvent>> List(const DriftEventQuery& query = {});

 private:
  Database* database_;
};

// kInvalidArgument when there is no such severity.
Result<Severity> ParseSeverity(std::string_view name);

}  // namespace hone
