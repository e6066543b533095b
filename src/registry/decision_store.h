// The log of decisions. Table: decisions, which only grows: triggers refuse every UPDATE and DELETE.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "records/decision.h"
#include "storage/database.h"

namespace hone {

// Conditions left at their default admit everything.
struct DecisionQuery {
  std::string model = {};
  std::optional<DecisionKind> kind = std::nullopt;
  std::optional<Id> before = std::nullopt;  // decisions older than this one: the next page
  std::int64_t limit = 10'000;              // the newest so many
};

// Single-threaded, as its connection.
class DecisionStore {
 public:
  explicit DecisionStore(Database& database) : database_(&database) {}

  // kInvalidArgument when evidence is no JSON object; kConflict when the id exists.
  Status Append(const Decision& decision);
  Result<std::optional<Decision>> Find(const Id& id);
  // Oldest first.
  Result<std::vector<Decision>> List(const DecisionQuery& query = {});

 private:
  Database* database_;
};

// kInvalidArgument when there is no such kind.
Result<DecisionKind> ParseDecisionKind(std::string_view name);

}  // namespace hone
