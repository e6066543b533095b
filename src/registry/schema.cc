#include "registry/schema.h"

namespace hone {
namespace {

constexpr const char* kModelRegistry = R"(
CREATE TABLE model_registry (
  model TEXT NOT NULL,
  major INTEGER NOT NULL,
  minor INTEGER NOT NULL,
  patch INTEGER NOT NULL,
  version TEXT NOT NULL,
  stage TEXT NOT NULL CHECK (stage IN ('training', 'staging', 'shadow', 'canary', 'active', 'retired', 'rejected', 'failed')),
  change_type TEXT NOT NULL,
  parent TEXT NOT NULL,
  recipe TEXT NOT NULL,
  artifact TEXT NOT NULL,
  data_fingerprint TEXT NOT NULL,
  train_begin INTEGER NOT NULL,
  train_end INTEGER NOT NULL,
  train_rows INTEGER NOT NULL,
  parameters TEXT NOT NULL,
  seed INTEGER NOT NULL,
  metrics TEXT NOT NULL,
  validated INTEGER NOT NULL CHECK (validated IN (0, 1)),
  created INTEGER NOT NULL,
  activation INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (model, major, minor, patch)
) WITHOUT ROWID;
CREATE UNIQUE INDEX model_registry_version ON model_registry (model, version);
CREATE UNIQUE INDEX model_registry_one_active ON model_registry (model) WHERE stage = 'active';
)";

constexpr const char* kDecisions = R"(
CREATE TABLE decisions (
  id BLOB PRIMARY KEY,
  time INTEGER NOT NULL,
  kind TEXT NOT NULL,
  model TEXT NOT NULL,
  version TEXT NOT NULL,
  reason TEXT NOT NULL,
  evidence TEXT NOT NULL
) WITHOUT ROWID;
CREATE TRIGGER decisions_refuse_update BEFORE UPDATE ON decisions
BEGIN SELECT RAISE(ABORT, 'decisions only grow: a decision cannot be changed'); END;
CREATE TRIGGER decisions_refuse_delete BEFORE DELETE ON decisions
BEGIN SELECT RAISE(ABORT, 'decisions only grow: a decision cannot be deleted'); END;
CREATE TRIGGER decisions_refuse_replace BEFORE INSERT ON decisions
WHEN EXISTS (SELECT 1 FROM decisions WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'decisions only grow: this decision exists'); END;
)";

constexpr const char* kDriftEvents = R"(
CREATE TABLE drift_events (
  id BLOB PRIMARY KEY,
  time INTEGER NOT NULL,
  model TEXT NOT NULL,
  version TEXT NOT NULL,
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  method TEXT NOT NULL,
  severity TEXT NOT NULL,
  severity_rank INTEGER NOT NULL,
  statistic REAL,
  effect REAL,
  p_value REAL,
  reference_rows INTEGER NOT NULL,
  current_rows INTEGER NOT NULL
) WITHOUT ROWID;
)";

constexpr const char* kAbTests = R"(
CREATE TABLE ab_tests (
  id BLOB PRIMARY KEY,
  model TEXT NOT NULL,
  started INTEGER NOT NULL,
  ended INTEGER,
  salt INTEGER NOT NULL,
  arms TEXT NOT NULL
) WITHOUT ROWID;
CREATE UNIQUE INDEX ab_tests_one_runs ON ab_tests (model) WHERE ended IS NULL;
)";

constexpr const char* kAbTestDeadlines = "ALTER TABLE ab_tests ADD COLUMN deadline INTEGER;";

constexpr const char* kAbTestBandits = R"(
ALTER TABLE ab_tests ADD COLUMN bandit TEXT;
ALTER TABLE ab_tests ADD COLUMN round INTEGER NOT NULL DEFAULT 0;
ALTER TABLE ab_tests ADD COLUMN looked INTEGER NOT NULL DEFAULT 0;
)";

}  // namespace

Migrations RegistryMigrations() {
  return {{"registry", 1, "model_registry", kModelRegistry},      {"registry", 2, "decisions", kDecisions},
          {"registry", 3, "drift_events", kDriftEvents},          {"registry", 4, "ab_tests", kAbTests},
          {"registry", 5, "ab_test_deadlines", kAbTestDeadlines}, {"registry", 6, "ab_test_bandits", kAbTestBandits}};
}

}  // namespace hone
