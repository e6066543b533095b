// Features: nanoseconds per bar, streaming for a model's twelve, for all, and for expressions; and by blocks beside the
// indicator alone.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <span>
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

// Sixty indicators, and what one node of arithmetic adds to each.
std::vector<std::string> Sixty(const std::string& more) {
  std::vector<std::string> names;
  for (int n = 2; n < 32; ++n) {
    names.push_back("ema(close, " + std::to_string(n) + ")" + more);
    names.push_back("rsi(close, " + std::to_string(n) + ")" + more);
  }
  return names;
}

void SixtyIndicators(benchmark::State& state) { Run(state, Sixty("")); }
BENCHMARK(SixtyIndicators);

void SixtyIndicatorsOverClose(benchmark::State& state) { Run(state, Sixty(" / close")); }
BENCHMARK(SixtyIndicatorsOverClose);

// A pass over 5,000 bars; items are bars.
void Blocks(benchmark::State& state, const std::vector<std::string>& names) {
  const SyntheticMarket market({"calm", 5000}, 1);
  auto set = FeatureSet::Make(names, {});
  const std::span<const Bar> bars = market.series().bars;
  for (auto _ : state) {
    for (std::size_t begin = 0; begin < bars.size(); begin += set->block_bars()) {
      set->UpdateBlock(bars.subspan(begin, std::min(set->block_bars(), bars.size() - begin)));
      benchmark::DoNotOptimize(set->column(0).data());
    }
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(bars.size()));
}

void BlockOfEma(benchmark::State& state) { Blocks(state, {"ema(close, 20)"}); }
BENCHMARK(BlockOfEma);

void BlockOfTrend(benchmark::State& state) { Blocks(state, {"close / ema(close, 20) - 1"}); }
BENCHMARK(BlockOfTrend);

void EmaAlone(benchmark::State& state) {
  const SyntheticMarket market({"calm", 5000}, 1);
  std::vector<double> closes, values(5000);
  for (const Bar& bar : market.series().bars) closes.push_back(bar.close);
  const std::vector<double> parameters{20};
  const IndicatorPointer ema = FindIndicator("ema")->make(parameters).value();
  const double* in[] = {closes.data()};
  double* out[] = {values.data()};
  for (auto _ : state) {
    ema->UpdateBlock(in, out, closes.size());
    benchmark::DoNotOptimize(values.data());
  }
  state.SetItemsProcessed(state.iterations() * 5000);
}
BENCHMARK(EmaAlone);

}  // namespace
}  // namespace hone
