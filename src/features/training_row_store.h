// The rows a model learns from: those it was first trained on, then every logged row whose outcome matured, in the
// order the loop took them. Table: training_rows. Single-threaded, as its connection.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "features/dataset.h"
#include "storage/database.h"
#include "storage/migrations.h"

namespace hone {

class TrainingRowStore {
 public:
  explicit TrainingRowStore(Database& database) : database_(&database) {}

  // Row number `index` (from 0) of the model. The same row again changes nothing: a restart takes evidence from it
  // anew.
  Status Append(const std::string& model, std::size_t index, Time time, Time label_time,
                std::span<const double> features, double y);
  // Rows [0, rows) of the model, whose features are `names`; all of them for rows = SIZE_MAX. kCorrupt when a row is
  // missing or has another width.
  Result<Dataset> Read(const std::string& model, const std::vector<std::string>& names, std::size_t rows);
  Result<std::size_t> Count(const std::string& model);

 private:
  Database* database_;
};

// Module "features".
Migrations FeaturesMigrations();

}  // namespace hone
