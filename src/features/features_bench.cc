// Streaming features: nanoseconds per bar, for a model's twelve and for all.
#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "features/feature_set.h"
#include "market/synthetic.h"

namespace hone {
namespace {

void Run(benchmark::State& state, const std::vector<std::string>& names) {
  const SyntheticMarket market({"calm", 5000}, 1);
  auto set = FeatureSet::Make(names, {});
  std::vector<double> row(names.size());
  std::size_t i = 0;
  for (auto _ : state) {
    set->Update(market.series().bars[i], row);
    i = i + 1 == market.series().bars.size() ? 0 : i + 1;
    benchmark::DoNotOptimize(row.data());
  }
}

void TwelveFeatures(benchmark::State& state) {
  Run(state, {"price_return", "price_volatility", "price_momentum", "volume_ratio", "rsi_14", "macd", "bb_position",
              "log_range_1", "log_range_5", "log_range_22", "range_5_to_22", "return_1_scaled"});
}
BENCHMARK(TwelveFeatures);

void AllFeatures(benchmark::State& state) {
  std::vector<std::string> names;
  for (const FeatureDefinition& definition : FeatureCatalogue()) names.emplace_back(definition.name);
  Run(state, names);
}
BENCHMARK(AllFeatures);

}  // namespace
}  // namespace hone
