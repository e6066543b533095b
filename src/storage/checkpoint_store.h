// Named checkpoints: small texts that commit in the same transaction as what they are about. Table: checkpoints.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "storage/migrations.h"

namespace hone {

class CheckpointStore {
 public:
  explicit CheckpointStore(Database& database) : database_(&database) {}

  Status Save(std::string_view name, std::string_view value);
  Result<std::optional<std::string>> Load(std::string_view name);

 private:
  Database* database_;
};

// Module "storage".
Migrations StorageMigrations();

}  // namespace hone
