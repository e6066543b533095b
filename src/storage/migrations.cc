#include "storage/migrations.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

namespace hone {
namespace {

constexpr std::int64_t kApplicationId = 0x686f6e65;  // "hone"

using Key = std::pair<std::string, int>;

Result<std::set<Key>> Applied(Database& database) {
  std::set<Key> applied;
  HONE_ASSIGN_OR_RETURN(const std::int64_t exists,
                        database.QueryInt("SELECT count(*) FROM sqlite_schema WHERE name = 'schema_migrations'"));
  if (exists == 0) return applied;
  HONE_ASSIGN_OR_RETURN(Statement rows, database.Prepare("SELECT module, number FROM schema_migrations"));
  while (true) {
    HONE_ASSIGN_OR_RETURN(const bool row, rows.Step());
    if (!row) return applied;
    applied.emplace(rows.Text(0), static_cast<int>(rows.Int(1)));
  }
}

// An SQLite file with tables of its own, none of them hone's.
Status RefuseForeign(Database& database) {
  HONE_ASSIGN_OR_RETURN(const std::int64_t id, database.QueryInt("PRAGMA application_id"));
  HONE_ASSIGN_OR_RETURN(const std::int64_t tables, database.QueryInt("SELECT count(*) FROM sqlite_schema"));
  if (id == kApplicationId || (id == 0 && tables == 0)) return OkStatus();
  return Error{ErrorCode::kInvalidData,
               "is an SQLite database of another program; choose another --dir, or move the file away", database.path(),
               0, ""};
}

Result<std::string> ReleaseOf(Database& database, const Key& key) {
  HONE_ASSIGN_OR_RETURN(Statement row,
                        database.Prepare("SELECT release FROM schema_migrations WHERE module = ? AND number = ?"));
  row.BindAll(key.first, key.second);
  HONE_ASSIGN_OR_RETURN(const bool found, row.Step());
  return found ? row.Text(0) : std::string();
}

Status RefuseNewer(Database& database, const Migrations& migrations, const std::set<Key>& applied) {
  for (const Key& key : applied) {
    const bool known = std::any_of(migrations.begin(), migrations.end(), [&](const Migration& migration) {
      return migration.module == key.first && migration.number == key.second;
    });
    if (known) continue;
    HONE_ASSIGN_OR_RETURN(const std::string release, ReleaseOf(database, key));
    return Error{
        ErrorCode::kConflict,
        fmt::format("was written by a newer hone (release {}, migration {} {}); run that release or a later one",
                    release, key.first, key.second),
        database.path(), 0, ""};
  }
  return OkStatus();
}

Status Apply(Database& database, const Migration& migration, const std::string& release) {
  HONE_RETURN_IF_ERROR(database.Execute(migration.sql));
  HONE_ASSIGN_OR_RETURN(Statement note,
                        database.Prepare("INSERT INTO schema_migrations (module, number, name, release) "
                                         "VALUES (?, ?, ?, ?)"));
  return note.Run(migration.module, migration.number, migration.name, release);
}

}  // namespace

Migrations JoinMigrations(std::vector<Migrations> lists) {
  Migrations joined;
  for (auto& list : lists) {
    for (auto& migration : list) joined.push_back(std::move(migration));
  }
  return joined;
}

Status Migrate(Database& database, const Migrations& migrations, const std::string& release) {
  HONE_ASSIGN_OR_RETURN(Transaction transaction, Transaction::Begin(database));
  HONE_RETURN_IF_ERROR(RefuseForeign(database));
  HONE_ASSIGN_OR_RETURN(const std::set<Key> applied, Applied(database));
  HONE_RETURN_IF_ERROR(RefuseNewer(database, migrations, applied));
  HONE_RETURN_IF_ERROR(
      database.Execute("CREATE TABLE IF NOT EXISTS schema_migrations (module TEXT NOT NULL, number INTEGER NOT NULL, "
                       "name TEXT NOT NULL, "
                       "release TEXT NOT NULL, PRIMARY KEY (module, number)) WITHOUT ROWID"));
  for (const Migration& migration : migrations) {
    if (applied.contains({migration.module, migration.number})) continue;
    HONE_RETURN_IF_ERROR(Apply(database, migration, release));
  }
  HONE_RETURN_IF_ERROR(database.Execute(fmt::format("PRAGMA application_id = {}", kApplicationId)));
  return transaction.Commit();
}

Status CheckMigrated(Database& database, const Migrations& migrations) {
  HONE_RETURN_IF_ERROR(RefuseForeign(database));
  HONE_ASSIGN_OR_RETURN(const std::set<Key> applied, Applied(database));
  HONE_RETURN_IF_ERROR(RefuseNewer(database, migrations, applied));
  for (const Migration& migration : migrations) {
    if (applied.contains({migration.module, migration.number})) continue;
    return Error{
        ErrorCode::kConflict,
        fmt::format("was written by an older hone (migration {} {} is missing); start hone serve once to bring it "
                    "up to date",
                    migration.module, migration.number),
        database.path(), 0, ""};
  }
  return OkStatus();
}

}  // namespace hone
