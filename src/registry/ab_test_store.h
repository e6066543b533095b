// A/B tests, running and ended. Table: ab_tests. A model has at most one that runs: a partial unique index enforces it
// whoever writes.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "records/ab_test.h"
#include "storage/database.h"

namespace hone {

// Single-threaded, as its connection. A change joins the transaction that is open.
class AbTestStore {
 public:
  explicit AbTestStore(Database& database) : database_(&database) {}

  Result<std::optional<AbTest>> Running(std::string_view model);
  // The models whose running test's deadline is `now` or before.
  Result<std::vector<std::string>> Overdue(Time now);
  // The tests whose shares follow a bandit that has not looked at them since its minutes before `now`.
  Result<std::vector<std::string>> DueBandits(Time now);
  // Newest first.
  Result<std::vector<AbTest>> List(std::string_view model);
  // Adds a test that runs; the one that ran before ends as it starts.
  Status Start(const AbTest& test);
  // `arms`, `round` and `looked` of the test that runs become those of `test`.
  Status Share(const AbTest& test);
  // Ends the one that runs, if any.
  Status End(std::string_view model, Time now);

 private:
  Result<std::vector<AbTest>> Select(const char* condition, std::string_view model);

  Database* database_;
};

}  // namespace hone
