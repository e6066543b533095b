// What predictions were given as intervals and wait to be judged by their outcome. Table: given_intervals.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/id.h"
#include "base/result.h"
#include "stats/conformal_intervals.h"
#include "storage/database.h"
#include "storage/migrations.h"

namespace hone {

struct GivenAnswer {
  Id prediction;
  double told = 0;      // half the width of the interval that the caller got; NaN: it got none
  GivenInterval given;  // as the core thread would have given it
};

// Single-threaded, as its connection.
class GivenIntervalStore {
 public:
  explicit GivenIntervalStore(Database& database) : database_(&database) {}

  Status Add(const std::string& model, std::span<const GivenAnswer> answers);
  Status Remove(const std::string& model, std::span<const Id> predictions);
  // By prediction. kCorrupt.
  Result<std::vector<GivenAnswer>> Read(const std::string& model);

 private:
  Database* database_;
};

// Module "given_intervals".
Migrations GivenIntervalMigrations();

}  // namespace hone
