// The definitions of the models that are served, and the instrument whose bars drive them. Table: model_definitions.
// Single-threaded, as its connection.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "engine/model_definition.h"
#include "features/feature.h"
#include "storage/database.h"
#include "storage/migrations.h"

namespace hone {

struct StoredDefinition {
  ModelDefinition model;
  std::string instrument;  // "" when no bars drive it
  SeriesTraits traits;     // of the bars it was trained on
  Duration bar_size = kDay;
};

class DefinitionStore {
 public:
  explicit DefinitionStore(Database& database) : database_(&database) {}
  // Adds or replaces.
  Status Save(const StoredDefinition& definition);
  // kNotFound.
  Result<StoredDefinition> Get(const std::string& model);
  // Nothing for a model without one: its versions come from files.
  Result<std::optional<StoredDefinition>> Find(const std::string& model);

 private:
  Database* database_;
};

// Into the log: what has become of the registered features that a model keeps (WordsAbout). A store of features that
// cannot be read is told, too; the model needs none.
void WarnOfFeatures(Database& database, const ModelDefinition& model);

// Module "engine".
Migrations EngineMigrations();

}  // namespace hone
