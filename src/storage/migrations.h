// Numbered schema changes. Each module lists its own, numbered 1, 2, ... and never changed once released; the engine
// joins the lists and applies what a store lacks at start, in one transaction. Table: schema_migrations.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "storage/database.h"

namespace hone {

struct Migration {
  std::string module;  // "registry"
  int number = 0;      // 1, 2, ... within the module
  std::string name;    // "model_registry"
  std::string sql;     // one or more statements
};
using Migrations = std::vector<Migration>;

// The lists one after the other.
Migrations JoinMigrations(std::vector<Migrations> lists);

// Brings the store to `migrations`, applied in their order; all or nothing. `release` ("0.1.0") is written beside each.
// kConflict when the store holds a migration that is not in the list: a newer hone wrote it. kInvalidData when the file
// is an SQLite database of another program.
Status Migrate(Database& database, const Migrations& migrations, const std::string& release);

// As Migrate's checks, for a read-only connection: also kConflict when a migration is still to be applied.
Status CheckMigrated(Database& database, const Migrations& migrations);

}  // namespace hone
