// Answers to requests that carried an Idempotency-Key, so that a request sent again is answered again and not carried
// out again. Table: answered_requests. An answer is written in the transaction of the act, so both or neither are there
// after a crash. Kept for a day, and the newest 100,000.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "storage/database.h"

namespace hone {

struct AnsweredRequest {
  std::string key;          // the client's
  std::string fingerprint;  // of what was asked
  std::string answer;
  Time time = 0;
};

// Single-threaded, as its connection.
class AnsweredRequestStore {
 public:
  static constexpr Duration kLifetime = kDay;
  static constexpr std::int64_t kMost = 100'000;

  explicit AnsweredRequestStore(Database& database) : database_(&database) {}

  // The answer given to the key, where it is not older than kLifetime at `now`.
  Result<std::optional<AnsweredRequest>> Find(std::string_view key, Time now);
  // Remembers one more and forgets those that are too old or too many. Replaces an expired one of the same key.
  Status Add(const AnsweredRequest& answered);

 private:
  Database* database_;
};

}  // namespace hone
