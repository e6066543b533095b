#include "outcomes/schema.h"

#include "storage/commit_log.h"

namespace hone {

Migrations OutcomesMigrations() {
  return {{"outcomes", 1, "commit_logs",
           CommitLogSql("prediction_commits") + CommitLogSql("outcome_commits") +
               "CREATE TABLE outcome_totals (one INTEGER PRIMARY KEY CHECK (one = 1), stored INTEGER NOT NULL, "
               "doubled INTEGER NOT NULL); INSERT INTO outcome_totals VALUES (1, 0, 0);"},
          // The tables are divided by time, so their store makes them; this tells an older hone that they are there.
          {"outcomes", 2, "model_ranges", ""}};
}

}  // namespace hone
