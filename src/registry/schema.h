// The registry's tables: model_registry, decisions, drift_events, ab_tests.
#pragma once

#include "storage/migrations.h"

namespace hone {

// Module "registry".
Migrations RegistryMigrations();

}  // namespace hone
