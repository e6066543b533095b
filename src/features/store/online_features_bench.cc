// Online features: what a bar costs, what it costs to fold an instrument again, and what a restart reads, of 1,000
// instruments with twenty features each.
#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <malloc.h>

#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "features/store/latest_cache.h"
#include "features/store/online_features.h"
#include "features/store/schema.h"
#include "market/synthetic.h"

namespace hone {
namespace {

constexpr int kInstruments = 1000, kFeatures = 20, kBars = 250;
constexpr Time kStart = 4'000'000'000 * kSecond;

std::string Twenty() {
  std::string yaml = "features:\n";
  for (int i = 0; i < kFeatures / 4; ++i) {
    yaml += fmt::format(
        "  - {{name: a{0}, expression: 'close / ema(close, {1}) - 1'}}\n"
        "  - {{name: b{0}, expression: 'rolling_std(log(close / close[1]), {1})'}}\n"
        "  - {{name: c{0}, expression: 'rsi(close, {1})'}}\n"
        "  - {{name: d{0}, expression: 'atr(high, low, close, {1}) / close'}}\n",
        i, 5 + 7 * i);
  }
  return yaml;
}

// Removed at the end of the program.
class Store {
 public:
  Store() {
    std::filesystem::remove_all(path_);
    std::filesystem::create_directories(path_);
    database = std::move(*Database::Open(path_ / "hone.db", {.synchronous = Synchronous::kOff}));
    if (!database->Execute(FeatureStoreSql() + LatestValuesSql()).ok()) std::abort();
    if (!RegisteredFeatures::Load(*database)->Register(Twenty(), "bench", 1).ok()) std::abort();
    online = std::make_unique<OnlineFeatures>(*database, kInstruments);
    for (int i = 0; i < kInstruments; ++i) Take(i, 0, kBars);
  }
  ~Store() { std::filesystem::remove_all(path_); }

  // Of those taken so far.
  int NextBar(int instrument) const { return next_.at(instrument); }
  void Take(int instrument, int begin, int end) {
    next_[instrument] = end;
    BarSeries part;
    part.instrument = fmt::format("i{}", instrument);
    part.bars.assign(market_.series().bars.begin() + begin, market_.series().bars.begin() + end);
    auto transaction = Transaction::Begin(*database);
    const auto taken = online->Take(part, kStart + ++now_, false);
    if (taken.ok() && transaction->Commit().ok()) return;
    if (!taken.ok()) fmt::print(stderr, "{}\n", taken.error().ToString());
    std::abort();
  }
  std::unique_ptr<Database> Reader() { return std::move(*Database::Open(path_ / "hone.db", {.read_only = true})); }

  std::unique_ptr<Database> database;
  std::unique_ptr<OnlineFeatures> online;

 private:
  const std::filesystem::path path_ = std::filesystem::temp_directory_path() / "hone_online_features_bench";
  SyntheticMarket market_{{"calm", 20'000}, 1};
  Time now_ = 0;
  std::map<int, int> next_;
};

Store& TheStore() {
  static Store store;
  return store;
}

void ABarOfOneInstrument(benchmark::State& state) {
  Store& store = TheStore();
  for (auto _ : state) store.Take(0, store.NextBar(0), store.NextBar(0) + 1);
}
BENCHMARK(ABarOfOneInstrument)->Iterations(5000)->Unit(benchmark::kMicrosecond);

void RestoreAThousandInstruments(benchmark::State& state) {
  Store& store = TheStore();
  for (auto _ : state) {
    LatestCache cache(store.Reader(), kInstruments);
    if (cache.Restore()->size() != kInstruments) std::abort();
  }
}
BENCHMARK(RestoreAThousandInstruments)->Unit(benchmark::kMillisecond);

void ReadFromMemory(benchmark::State& state) {
  LatestCache cache(TheStore().Reader(), kInstruments);
  static_cast<void>(cache.Restore());
  int i = 0;
  for (auto _ : state) {
    if (!cache.Find(fmt::format("i{}", i = (i + 1) % kInstruments))->values) std::abort();
  }
}
BENCHMARK(ReadFromMemory)->Unit(benchmark::kMicrosecond);

void ReadFromDisk(benchmark::State& state) {
  LatestCache cache(TheStore().Reader(), kInstruments);
  int i = 0;
  for (auto _ : state) {
    if (!cache.Load(fmt::format("i{}", i = (i + 1) % kInstruments)).ok()) std::abort();
  }
}
BENCHMARK(ReadFromDisk)->Unit(benchmark::kMicrosecond);

// What a folded instrument holds in memory.
void MemoryOfFoldedInstruments(benchmark::State& state) {
  Store& store = TheStore();
  for (auto _ : state) {
    store.online = std::make_unique<OnlineFeatures>(*store.database, kInstruments);
    store.Take(0, store.NextBar(0), store.NextBar(0) + 1);
    const auto before = mallinfo2().uordblks;
    for (int i = 1; i <= 100; ++i) store.Take(i, store.NextBar(i), store.NextBar(i) + 1);
    state.counters["bytes"] = static_cast<double>(mallinfo2().uordblks - before) / 100;
  }
}
BENCHMARK(MemoryOfFoldedInstruments)->Iterations(1)->Unit(benchmark::kMillisecond);

// The first bar after a restart, of an instrument with so many bars.
void ABarAfterARestart(benchmark::State& state) {
  Store& store = TheStore();
  const auto bars = static_cast<int>(state.range(0));
  const int instrument = kInstruments + bars;
  store.Take(instrument, 0, bars);
  for (auto _ : state) {
    store.online = std::make_unique<OnlineFeatures>(*store.database, kInstruments);
    store.Take(instrument, store.NextBar(instrument), store.NextBar(instrument) + 1);
  }
}
BENCHMARK(ABarAfterARestart)->Arg(250)->Arg(2500)->Arg(19'000)->Iterations(10)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace hone
