#include "engine/replay_store.h"

#include <system_error>

#include "base/files.h"
#include "base/sha256.h"
#include "engine/live_store.h"

namespace hone {
namespace {

Status WriteRows(const ReplayResult& result, Database& database) {
  HONE_ASSIGN_OR_RETURN(PredictionStore predictions, PredictionStore::Open(database, PartitionSpan::kYear));
  HONE_ASSIGN_OR_RETURN(OutcomeStore outcomes, OutcomeStore::Open(database, PartitionSpan::kYear));
  HONE_RETURN_IF_ERROR(predictions.Append(result.predictions));
  HONE_RETURN_IF_ERROR(predictions.AppendShadow(result.shadows));
  HONE_RETURN_IF_ERROR(outcomes.Append(result.outcomes));
  DecisionStore decisions(database);
  for (const Decision& decision : result.decisions) HONE_RETURN_IF_ERROR(decisions.Append(decision));
  DriftEventStore drift(database);
  for (const DriftEvent& event : result.drift) HONE_RETURN_IF_ERROR(drift.Append(event));
  return OkStatus();
}

Status WriteDatabase(const ReplayResult& result, const std::filesystem::path& path) {
  DatabaseOptions options;
  options.synchronous = Synchronous::kOff;  // a crash starts it anew
  HONE_ASSIGN_OR_RETURN(const std::unique_ptr<Database> database, Database::Open(path, options));
  HONE_RETURN_IF_ERROR(Migrate(*database, AllMigrations(), kRelease));
  HONE_ASSIGN_OR_RETURN(Transaction transaction, Transaction::Begin(*database));
  HONE_RETURN_IF_ERROR(WriteRows(result, *database));
  HONE_RETURN_IF_ERROR(transaction.Commit());
  return database->Checkpoint();
}

void RemoveDatabase(const std::filesystem::path& path) {
  std::error_code ignored;
  for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(path.string() + suffix, ignored);
}

}  // namespace

std::string ReplayIdentity(const BarSeries& series, const ReplayOptions& options) {
  Sha256 hash;
  hash.UpdateText(series.fingerprint);
  hash.UpdateText(WritePolicy(options.policy));
  hash.UpdateText(WriteModelDefinition(options.model));
  hash.UpdateWord(options.seed);
  hash.UpdateWord(static_cast<std::uint64_t>(options.sabotage.value_or(0)));
  return hash.Hex().substr(0, 16);
}

Result<std::filesystem::path> StoreReplay(const ReplayResult& result, const std::string& identity,
                                          const std::filesystem::path& folder) {
  const std::filesystem::path replays = folder / "replays";
  HONE_RETURN_IF_ERROR(EnsureFolder(replays));
  const std::filesystem::path final_path = replays / (identity + ".db");
  const std::filesystem::path unfinished = replays / (identity + ".unfinished");
  RemoveDatabase(unfinished);
  if (Status written = WriteDatabase(result, unfinished); !written.ok()) {
    RemoveDatabase(unfinished);
    return written.error();
  }
  RemoveDatabase(final_path);
  std::error_code failure;
  std::filesystem::rename(unfinished, final_path, failure);
  if (failure) return Error{ErrorCode::kInternal, "cannot be renamed: " + failure.message(), unfinished.string()};
  return final_path;
}

}  // namespace hone
