// Every indicator of the catalogue: nanoseconds per bar, a column at once and bar by bar, and sixty and all of them
// together, with the memory that one instrument's take.
#include <benchmark/benchmark.h>
#include <malloc.h>

#include <random>
#include <string>

#include "features/testing/indicator_runs.h"

namespace hone {
namespace {

using testing_features::Columns;

constexpr std::size_t kBars = 20'000;

// Small numbers above 0 that are high, low and volume alike: formulas run the same way whatever they mean.
Columns Numbers(std::size_t inputs) {
  std::mt19937_64 random(1);
  std::uniform_real_distribution<double> uniform(90, 110);
  Columns columns(inputs, std::vector<double>(kBars));
  for (std::size_t bar = 0; bar < kBars; ++bar) {
    for (auto& column : columns) column[bar] = uniform(random);
  }
  return columns;
}

// Periods of 14 and a little more.
std::vector<double> Parameters(const IndicatorDefinition& definition) {
  std::vector<double> parameters = testing_features::SomeParameters(definition);
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (definition.parameters[i].whole)
      parameters[i] = std::max(definition.parameters[i].low, 14.0 + static_cast<double>(i));
  }
  return parameters;
}

void Column(benchmark::State& state, const IndicatorDefinition* definition) {
  const Columns inputs = Numbers(definition->inputs.size());
  Columns outputs(definition->outputs.size(), std::vector<double>(kBars));
  std::vector<const double*> in;
  std::vector<double*> out;
  for (const auto& column : inputs) in.push_back(column.data());
  for (auto& column : outputs) out.push_back(column.data());
  const IndicatorPointer indicator = testing_features::MakeIndicator(*definition, Parameters(*definition));
  for (auto _ : state) {
    indicator->UpdateBlock(in.data(), out.data(), kBars);
    benchmark::ClobberMemory();
  }
  state.counters["bar"] = benchmark::Counter(
      static_cast<double>(kBars), benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

void BarByBar(benchmark::State& state, std::span<const IndicatorDefinition* const> definitions) {
  const Columns inputs = Numbers(8);
  std::vector<IndicatorPointer> indicators;
  for (const auto* definition : definitions) {
    indicators.push_back(testing_features::MakeIndicator(*definition, Parameters(*definition)));
  }
  double row[8], known[8];
  std::size_t bar = 0;
  for (auto _ : state) {
    for (std::size_t i = 0; i < 8; ++i) row[i] = inputs[i][bar];
    bar = bar + 1 == kBars ? 0 : bar + 1;
    for (const auto& indicator : indicators) indicator->Update(row, known);
    benchmark::DoNotOptimize(known);
  }
}

// Bytes of the heap, its own bookkeeping included, that the indicators of one instrument hold.
void Memory(benchmark::State& state, std::span<const IndicatorDefinition* const> definitions) {
  constexpr std::size_t kInstruments = 100;
  for (auto _ : state) {
    std::vector<IndicatorPointer> indicators;
    indicators.reserve(kInstruments * definitions.size());
    const std::size_t before = mallinfo2().uordblks;
    for (std::size_t i = 0; i < kInstruments; ++i) {
      for (const auto* definition : definitions) {
        indicators.push_back(testing_features::MakeIndicator(*definition, Parameters(*definition)));
      }
    }
    state.counters["bytes"] = static_cast<double>(mallinfo2().uordblks - before) / kInstruments;
  }
}

// The sixty that chart programs have, of 141.
constexpr std::string_view kSixty[] = {"ad",
                                       "adosc",
                                       "adx",
                                       "adxr",
                                       "apo",
                                       "aroon",
                                       "aroonosc",
                                       "atr",
                                       "avgprice",
                                       "bbands",
                                       "beta",
                                       "bop",
                                       "cci",
                                       "cmo",
                                       "correl",
                                       "dema",
                                       "dx",
                                       "ema",
                                       "kama",
                                       "linearreg",
                                       "linearreg_angle",
                                       "linearreg_intercept",
                                       "linearreg_slope",
                                       "macd",
                                       "max",
                                       "medprice",
                                       "mfi",
                                       "midpoint",
                                       "midprice",
                                       "min",
                                       "minus_di",
                                       "minus_dm",
                                       "mom",
                                       "natr",
                                       "obv",
                                       "plus_di",
                                       "plus_dm",
                                       "ppo",
                                       "roc",
                                       "rocp",
                                       "rocr",
                                       "rsi",
                                       "sar",
                                       "sma",
                                       "stddev",
                                       "stoch",
                                       "stochf",
                                       "stochrsi",
                                       "sum",
                                       "t3",
                                       "tema",
                                       "trange",
                                       "trima",
                                       "trix",
                                       "tsf",
                                       "typprice",
                                       "ultosc",
                                       "var",
                                       "wclprice",
                                       "willr"};

const bool kRegistered = [] {
  const auto all = IndicatorCatalogue();
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::string name(all[i]->name);
    benchmark::RegisterBenchmark(("column/" + name).c_str(), Column, all[i]);
    benchmark::RegisterBenchmark(("bar/" + name).c_str(), BarByBar, all.subspan(i, 1));
  }
  static std::vector<const IndicatorDefinition*> sixty;
  for (const std::string_view name : kSixty) sixty.push_back(testing_features::FindIndicator(name));
  benchmark::RegisterBenchmark("bar/sixty", BarByBar, std::span<const IndicatorDefinition* const>(sixty));
  benchmark::RegisterBenchmark("bar/all", BarByBar, all);
  benchmark::RegisterBenchmark("memory/sixty", Memory, std::span<const IndicatorDefinition* const>(sixty))
      ->Iterations(1);
  benchmark::RegisterBenchmark("memory/all", Memory, all)->Iterations(1);
  return true;
}();

}  // namespace
}  // namespace hone
