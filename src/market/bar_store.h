// The bars of each instrument the server was fed, so that features go on after a restart where they were.
// Table: market_bars. Single-threaded, as its connection.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "market/bar.h"
#include "storage/database.h"
#include "storage/migrations.h"

namespace hone {

class BarStore {
 public:
  explicit BarStore(Database& database) : database_(&database) {}

  // kConflict when the bar is not later than the newest one of the instrument.
  Status Append(const std::string& instrument, const Bar& bar);
  // The newest `count`, oldest first.
  Result<std::vector<Bar>> Newest(const std::string& instrument, std::int64_t count);
  // All of them, oldest first, one at a time.
  Status Visit(const std::string& instrument, const std::function<void(const Bar&)>& take);

 private:
  Database* database_;
};

// Module "market".
Migrations MarketMigrations();

}  // namespace hone
