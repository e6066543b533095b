#include "engine/definition_store.h"

#include "base/log.h"
#include "features/store/feature_names.h"

namespace hone {

Status DefinitionStore::Save(const StoredDefinition& definition) {
  HONE_ASSIGN_OR_RETURN(Statement insert,
                        database_->Prepare("INSERT OR REPLACE INTO model_definitions (model, definition, instrument, "
                                           "has_range, has_volume, bar_size) VALUES (?, ?, ?, ?, ?, ?)"));
  return insert.Run(definition.model.name, WriteModelDefinition(definition.model), definition.instrument,
                    definition.traits.has_range, definition.traits.has_volume, definition.bar_size);
}

Result<StoredDefinition> DefinitionStore::Get(const std::string& model) {
  HONE_ASSIGN_OR_RETURN(std::optional<StoredDefinition> stored, Find(model));
  if (!stored) return Error{ErrorCode::kNotFound, "there is no model " + model, database_->path(), 0, ""};
  return *std::move(stored);
}

Result<std::optional<StoredDefinition>> DefinitionStore::Find(const std::string& model) {
  HONE_ASSIGN_OR_RETURN(Statement select,
                        database_->Prepare("SELECT definition, instrument, has_range, has_volume, bar_size "
                                           "FROM model_definitions WHERE model = ?"));
  select.BindAll(model);
  HONE_ASSIGN_OR_RETURN(const bool found, select.Step());
  if (!found) return std::optional<StoredDefinition>();
  StoredDefinition stored;
  HONE_ASSIGN_OR_RETURN(stored.model, ReadModelDefinition(select.Text(0), "definition of " + model));
  stored.instrument = select.Text(1);
  stored.traits = {select.Int(2) != 0, select.Int(3) != 0};
  stored.bar_size = select.Int(4);
  return std::optional(std::move(stored));
}

void WarnOfFeatures(Database& database, const ModelDefinition& model) {
  if (model.pinned.empty()) return;
  const Result<RegisteredFeatures> registered = RegisteredFeatures::Load(database);
  const std::vector<std::string> words =
      registered.ok() ? WordsAbout(model.pinned, *registered) : std::vector<std::string>{registered.error().ToString()};
  for (const std::string& word : words) LogWarning("a feature of the model", {{"model", model.name}, {"told", word}});
}

Migrations EngineMigrations() {
  return {
      {"engine", 1, "model_definitions",
       "CREATE TABLE model_definitions (model TEXT PRIMARY KEY, definition TEXT NOT NULL, instrument TEXT NOT NULL, "
       "has_range INTEGER NOT NULL, has_volume INTEGER NOT NULL, bar_size INTEGER NOT NULL) WITHOUT ROWID;"},
      {"engine", 2, "access_tokens",
       "CREATE TABLE access_tokens (name TEXT PRIMARY KEY, role TEXT NOT NULL CHECK (role IN ('read', 'predict', "
       "'operate')), hash TEXT NOT NULL UNIQUE, created INTEGER NOT NULL) WITHOUT ROWID;"},
      {"engine", 3, "answered_requests",
       "CREATE TABLE answered_requests (number INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, "
       "fingerprint TEXT NOT NULL, answer TEXT NOT NULL, time INTEGER NOT NULL);"
       "CREATE INDEX answered_requests_time ON answered_requests (time);"},
      {"engine", 4, "splits",
       "CREATE TABLE splits (split INTEGER PRIMARY KEY, model TEXT NOT NULL, experiment TEXT NOT NULL, "
       "step INTEGER NOT NULL, started INTEGER NOT NULL, ended INTEGER, record TEXT NOT NULL);"
       "CREATE INDEX splits_model ON splits (model, started);"
       "CREATE TABLE split_keys (split INTEGER NOT NULL, key INTEGER NOT NULL, PRIMARY KEY (split, key)) WITHOUT ROWID;"
       "CREATE TABLE split_units (split INTEGER NOT NULL, prediction_id BLOB NOT NULL, arm INTEGER NOT NULL, "
       "value REAL NOT NULL, PRIMARY KEY (split, prediction_id)) WITHOUT ROWID;"}};
}

}  // namespace hone
