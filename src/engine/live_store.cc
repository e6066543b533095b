#include "engine/live_store.h"

#include "alerts/alert_feed.h"
#include "base/files.h"
#include "engine/given_interval_store.h"
#include "outcomes/schema.h"
#include "registry/schema.h"

namespace hone {

std::string LoopCheckpoint(const std::string& model) { return "loop:" + model; }

Migrations AllMigrations() {
  return JoinMigrations({StorageMigrations(), MarketMigrations(), FeaturesMigrations(), RegistryMigrations(),
                         OutcomesMigrations(), RetrainingMigrations(), EngineMigrations(), GivenIntervalMigrations(),
                         AlertFeedMigrations()});
}

LiveStore::LiveStore(std::filesystem::path path, std::unique_ptr<Database> opened, PredictionStore prediction_store,
                     OutcomeStore outcome_store)
    : folder(std::move(path)),
      database(std::move(opened)),
      artifacts(folder / "artifacts"),
      checkpoints(*database),
      definitions(*database),
      bars(*database),
      rows(*database),
      versions(*database),
      ab_tests(*database),
      decisions(*database),
      drift(*database),
      jobs(*database),
      predictions(std::move(prediction_store)),
      outcomes(std::move(outcome_store)),
      joined(predictions, outcomes),
      tokens(*database),
      answered(*database),
      splits(*database) {}

Result<std::unique_ptr<LiveStore>> LiveStore::Open(const std::filesystem::path& folder, bool read_only,
                                                   const std::string& vfs) {
  if (!read_only) HONE_RETURN_IF_ERROR(EnsureFolder(folder));
  DatabaseOptions options;
  options.read_only = read_only;
  options.vfs = vfs;
  HONE_ASSIGN_OR_RETURN(std::unique_ptr<Database> database, Database::Open(folder / "hone.db", options));
  if (read_only) {
    HONE_RETURN_IF_ERROR(CheckMigrated(*database, AllMigrations()));
  } else {
    HONE_RETURN_IF_ERROR(Migrate(*database, AllMigrations(), kRelease));
  }
  HONE_ASSIGN_OR_RETURN(PredictionStore predictions, PredictionStore::Open(*database));
  HONE_ASSIGN_OR_RETURN(OutcomeStore outcomes, OutcomeStore::Open(*database));
  return std::unique_ptr<LiveStore>(
      new LiveStore(folder, std::move(database), std::move(predictions), std::move(outcomes)));
}

}  // namespace hone
