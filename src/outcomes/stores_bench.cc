// Rows a second into the prediction log, in batches of 10,000 with 20 features, each batch one commit.
#include <benchmark/benchmark.h>

#include "outcomes/outcome_store.h"
#include "outcomes/prediction_store.h"
#include "outcomes/schema.h"
#include "storage/testing/temporary_folder.h"

namespace hone {
namespace {

constexpr int kBatch = 10'000;

struct Batch {
  std::vector<Prediction> predictions;
  std::vector<Outcome> outcomes;
};

Batch NextBatch(IdGenerator& ids, Time& now) {
  Batch batch;
  for (int i = 0; i < kBatch; ++i) {
    Prediction row;
    row.time = now += kSecond / 100;
    row.id = ids.Next(row.time);
    row.model = "volatility";
    row.version = "1.12.0";
    row.features.assign(20, 0.1 * i);
    row.value = i;
    batch.outcomes.push_back({row.id, 1.0, row.time + kSecond});
    batch.predictions.push_back(std::move(row));
  }
  return batch;
}

void AppendRows(benchmark::State& state, bool with_outcomes) {
  const TemporaryFolder folder;
  const auto database = std::move(*Database::Open(folder / "a.db", {.synchronous = Synchronous::kOff}));
  if (!Migrate(*database, OutcomesMigrations(), "bench").ok()) return state.SkipWithError("cannot migrate");
  PredictionStore predictions = *PredictionStore::Open(*database);
  OutcomeStore outcomes = *OutcomeStore::Open(*database);
  IdGenerator ids(1);
  Time now = 1'221'436'800 * kSecond;
  for (auto _ : state) {
    state.PauseTiming();
    const Batch batch = NextBatch(ids, now);
    state.ResumeTiming();
    if (!predictions.Append(batch.predictions).ok()) return state.SkipWithError("append failed");
    if (with_outcomes && !outcomes.Append(batch.outcomes).ok()) return state.SkipWithError("append failed");
  }
  state.SetItemsProcessed(state.iterations() * kBatch);
}

void AppendPredictions(benchmark::State& state) { AppendRows(state, false); }
void AppendPredictionsAndOutcomes(benchmark::State& state) { AppendRows(state, true); }
BENCHMARK(AppendPredictions)->UseRealTime()->Iterations(50);
BENCHMARK(AppendPredictionsAndOutcomes)->UseRealTime()->Iterations(50);

}  // namespace
}  // namespace hone
