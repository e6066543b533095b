#include "storage/checkpoint_store.h"

namespace hone {

Status CheckpointStore::Save(std::string_view name, std::string_view value) {
  HONE_ASSIGN_OR_RETURN(Statement save, database_->Prepare("INSERT INTO checkpoints (name, value) VALUES (?, ?) "
                                                           "ON CONFLICT (name) DO UPDATE SET value = excluded.value"));
  return save.Run(name, value);
}

Result<std::optional<std::string>> CheckpointStore::Load(std::string_view name) {
  HONE_ASSIGN_OR_RETURN(Statement load, database_->Prepare("SELECT value FROM checkpoints WHERE name = ?"));
  load.BindAll(name);
  HONE_ASSIGN_OR_RETURN(const bool row, load.Step());
  return row ? std::optional(load.Text(0)) : std::nullopt;
}

Migrations StorageMigrations() {
  return {{"storage", 1, "checkpoints",
           "CREATE TABLE checkpoints (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;"}};
}

}  // namespace hone
