// Tables of the prediction log: predictions_YYYY_MM, model_ranges_YYYY_MM, shadow_predictions_YYYY_MM and
// outcomes_YYYY_MM under views of the names before the date (made by their stores), prediction_commits,
// outcome_commits, outcome_totals.
#pragma once

#include "storage/migrations.h"

namespace hone {

// Module "outcomes".
Migrations OutcomesMigrations();

}  // namespace hone
