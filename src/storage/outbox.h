// Messages on their way to somebody else, kept on the disk until he has them. Table: outbox.
//
// A message is put in the transaction of what it tells of, so that neither is there without the other, and taken out
// once it was delivered: a process killed between the two delivers it again. At least once, never not at all.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "storage/migrations.h"

namespace hone {

struct OutboxMessage {
  std::int64_t number = 0;  // rises in the order of Put
  Time put = 0;
  int attempts = 0;  // that failed
  std::string body;
};

// Single-threaded, as its connection; any number of connections may use the table.
class Outbox {
 public:
  explicit Outbox(Database& database) : database_(&database) {}

  Status Put(std::string_view channel, std::string_view body, Time now);
  // Those of the channel that may be sent now, oldest first.
  Result<std::vector<OutboxMessage>> Due(std::string_view channel, Time now, std::size_t most);
  // It was delivered, or is given up.
  Status Remove(std::int64_t number);
  // An attempt failed: it is due again at `due`.
  Status Defer(std::int64_t number, Time due);
  // Removes those put before `time`; how many.
  Result<std::int64_t> RemoveBefore(std::string_view channel, Time time);
  Result<std::int64_t> Count(std::string_view channel);

 private:
  Database* database_;
};

// Module "outbox".
Migrations OutboxMigrations();

}  // namespace hone
