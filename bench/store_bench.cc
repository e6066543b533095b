// libraries: outcomes
// Store writes: PredictionStore::Append against hand-written SQLite inserts of the same columns and index into one
// plain table, same batches, same durability, in one run. Equality: every row reads back.
#include <fmt/format.h>
#include <stdlib.h>
#include <time.h>

#include <cstdio>
#include <filesystem>
#include <vector>

#include "base/id.h"
#include "outcomes/prediction_store.h"
#include "outcomes/schema.h"
#include "storage/checkpoint_store.h"
#include "storage/database.h"
#include "storage/float_blob.h"
#include "storage/migrations.h"

namespace {

constexpr int kRows = 100'000, kBatch = 1'000, kFeatures = 20;

double Seconds(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

std::vector<hone::Prediction> MakeRows() {
  hone::IdGenerator ids(1);
  std::vector<hone::Prediction> rows(kRows);
  hone::Time now = 1'500'000'000 * hone::kSecond;
  for (hone::Prediction& row : rows) {
    now += hone::kMillisecond;
    row.id = ids.Next(now);
    row.time = now;
    row.model = "volatility";
    row.version = "1.0.0";
    row.features.assign(kFeatures, 0.5);
    row.value = 1.5;
  }
  return rows;
}

hone::Result<std::unique_ptr<hone::Database>> Open(const std::filesystem::path& path) {
  return hone::Database::Open(path, {.synchronous = hone::Synchronous::kNormal});
}

hone::Status WriteByHand(hone::Database& database, const std::vector<hone::Prediction>& rows) {
  HONE_RETURN_IF_ERROR(database.Execute(
      "CREATE TABLE plain (id BLOB PRIMARY KEY, sequence INTEGER, time INTEGER, model TEXT, version TEXT, role TEXT, "
      "propensity REAL, features BLOB, value REAL, latency INTEGER) WITHOUT ROWID; "
      "CREATE INDEX plain_by_model ON plain (model, id)"));
  for (int begin = 0; begin < kRows; begin += kBatch) {
    HONE_ASSIGN_OR_RETURN(hone::Transaction transaction, hone::Transaction::Begin(database));
    HONE_ASSIGN_OR_RETURN(hone::Statement insert,
                          database.Prepare("INSERT INTO plain VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"));
    for (int i = begin; i < begin + kBatch; ++i) {
      const hone::Prediction& row = rows[static_cast<std::size_t>(i)];
      const std::string features = hone::EncodeDoubles(row.features);
      HONE_RETURN_IF_ERROR(insert.Run(row.id, i, row.time, row.model, row.version, std::string("champion"),
                                      row.propensity, hone::Blob{features}, row.value, row.latency));
    }
    HONE_RETURN_IF_ERROR(transaction.Commit());
  }
  return hone::OkStatus();
}

hone::Status WriteByStore(hone::Database& database, const std::vector<hone::Prediction>& rows) {
  HONE_RETURN_IF_ERROR(
      hone::Migrate(database, hone::JoinMigrations({hone::StorageMigrations(), hone::OutcomesMigrations()}), "bench"));
  HONE_ASSIGN_OR_RETURN(hone::PredictionStore store, hone::PredictionStore::Open(database));
  for (int begin = 0; begin < kRows; begin += kBatch) {
    HONE_RETURN_IF_ERROR(store.Append(std::span(rows).subspan(static_cast<std::size_t>(begin), kBatch)));
  }
  return hone::OkStatus();
}

}  // namespace

int main() {
  char folder[] = "/tmp/hone-store-bench-XXXXXX";
  if (mkdtemp(folder) == nullptr) return 1;
  const std::filesystem::path root(folder);
  const std::vector<hone::Prediction> rows = MakeRows();
  double wall[2], cpu[2];
  std::int64_t stored[2] = {0, 0};
  for (int side = 0; side < 2; ++side) {
    auto database = Open(root / (side == 0 ? "hand.db" : "store.db"));
    if (!database.ok()) return 1;
    const double wall_begun = Seconds(CLOCK_MONOTONIC), cpu_begun = Seconds(CLOCK_PROCESS_CPUTIME_ID);
    const hone::Status written = side == 0 ? WriteByHand(**database, rows) : WriteByStore(**database, rows);
    wall[side] = Seconds(CLOCK_MONOTONIC) - wall_begun;
    cpu[side] = Seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu_begun;
    if (!written.ok()) {
      fmt::print("store: {}\n", written.error().ToString());
      return 1;
    }
    const auto count =
        (*database)->QueryInt(side == 0 ? "SELECT count(*) FROM plain" : "SELECT count(*) FROM predictions");
    stored[side] = count.ok() ? *count : -1;
  }
  std::filesystem::remove_all(root);
  fmt::print("store: {:.0f} predictions/s stored (processor time; {:.0f} wall), {} a commit, {} features\n",
             kRows / cpu[1], kRows / wall[1], kBatch, kFeatures);
  fmt::print("store: {:.2f} times the speed of hand-written inserts (processor time), {:.2f} (wall)\n", cpu[0] / cpu[1],
             wall[0] / wall[1]);
  const bool same = stored[0] == kRows && stored[1] == kRows;
  fmt::print("store: both hold {} of {} rows: {}\n", stored[1], kRows, same ? "equal" : "DIFFERENT");
  return same ? 0 : 1;
}
