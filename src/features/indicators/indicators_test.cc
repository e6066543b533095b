// What every indicator of the catalogue keeps to, whatever its formula.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <functional>
#include <random>
#include <set>
#include <sstream>
#include <utility>

#include "base/testing/allocation_count.h"
#include "features/testing/indicator_runs.h"

namespace hone {
namespace {

using testing_features::Columns;
using testing_features::LeastParameters;
using testing_features::MakeIndicator;
using testing_features::RunIndicator;
using testing_features::SameBits;
using testing_features::SomeParameters;

// A column for an input by its name: prices of one walk with bar ranges around it, volumes, sizes, periods.
double Number(std::string_view input, double close, double open, double reach, double size) {
  if (input == "open" || input == "b" || input == "bid") return open;
  if (input == "high" || input == "ask") return std::max(open, close) + reach;
  if (input == "low") return std::min(open, close) - reach;
  if (input.ends_with("volume") || input.ends_with("size")) return size;
  if (input == "periods") return 2 + std::fmod(size, 9);
  return close;
}

Columns Walk(const IndicatorDefinition& definition, std::size_t bars, unsigned seed, double level = 100,
             double step = 1) {
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> uniform(0, 1);
  Columns columns(definition.inputs.size());
  double close = level;
  for (std::size_t bar = 0; bar < bars; ++bar) {
    const double open = close + (uniform(random) - 0.5) * step;
    close += (uniform(random) - 0.5) * step - (close - level) / 200;
    const double reach = uniform(random) * step / 2, size = std::floor(1 + 999 * uniform(random));
    for (std::size_t i = 0; i < columns.size(); ++i) {
      columns[i].push_back(Number(definition.inputs[i], close, open, reach, size));
    }
  }
  return columns;
}

void ForEach(const std::function<void(const IndicatorDefinition&, const std::vector<double>&)>& check) {
  for (const IndicatorDefinition* definition : IndicatorCatalogue()) {
    SCOPED_TRACE(std::string(definition->name));
    check(*definition, SomeParameters(*definition));
    SCOPED_TRACE("least parameters");
    check(*definition, LeastParameters(*definition));
  }
}

TEST(Indicators, AreSortedNamedAndDescribed) {
  ASSERT_GE(IndicatorCatalogue().size(), 140U);
  std::string_view last;
  for (const IndicatorDefinition* definition : IndicatorCatalogue()) {
    EXPECT_LT(last, definition->name);
    last = definition->name;
    EXPECT_EQ(last.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_"), std::string_view::npos) << last;
    EXPECT_GT(definition->description.size(), 4U) << last;
    EXPECT_FALSE(definition->source.empty()) << last;
    EXPECT_GE(definition->version, 1) << last;
    EXPECT_FALSE(definition->inputs.empty() || definition->outputs.empty()) << last;
    std::set<std::string_view> names(definition->inputs.begin(), definition->inputs.end());
    for (const IndicatorParameter& parameter : definition->parameters) {
      EXPECT_TRUE(names.insert(parameter.name).second) << last;
      EXPECT_LT(parameter.low, parameter.high) << last;
    }
  }
}

TEST(Indicators, BeginAtTheirWarmup) {
  ForEach([](const IndicatorDefinition& definition, const std::vector<double>& parameters) {
    const auto warmup = static_cast<std::size_t>(MakeIndicator(definition, parameters)->warmup());
    ASSERT_GE(warmup, 1U);
    for (const auto& column : RunIndicator(definition, parameters, Walk(definition, warmup + 200, 1), 0)) {
      for (std::size_t bar = 0; bar < column.size(); ++bar) {
        ASSERT_EQ(std::isnan(column[bar]), bar + 1 < warmup) << "bar " << bar << ", warmup " << warmup;
      }
    }
  });
}

TEST(Indicators, GiveTheSameBitsInBlocksOfAnySize) {
  ForEach([](const IndicatorDefinition& definition, const std::vector<double>& parameters) {
    const Columns inputs = Walk(definition, 500, 2);
    const Columns streamed = RunIndicator(definition, parameters, inputs, 0);
    for (const std::size_t block : {1, 2, 7, 64, 500}) {
      const Columns columns = RunIndicator(definition, parameters, inputs, block);
      for (std::size_t i = 0; i < columns.size(); ++i) ASSERT_TRUE(SameBits(streamed[i], columns[i])) << block;
    }
  });
}

// Streams of one definition with parameters of their own, as many as make one group of kAbreast and a rest.
TEST(Indicators, GiveTheSameBitsSideBySide) {
  constexpr std::size_t kBars = 300;
  for (const IndicatorDefinition* definition : IndicatorCatalogue()) {
    SCOPED_TRACE(std::string(definition->name));
    std::vector<testing_features::Stream> streams;
    for (unsigned seed = 0; seed < kAbreast + 3; ++seed) {
      streams.push_back({seed % 2 == 0 ? SomeParameters(*definition) : LeastParameters(*definition),
                         Walk(*definition, kBars, 10 + seed)});
    }
    for (const std::size_t block : {1, 7, 300}) {
      const std::vector<Columns> together = testing_features::RunSideBySide(*definition, streams, block);
      for (std::size_t k = 0; k < streams.size(); ++k) {
        const Columns alone = RunIndicator(*definition, streams[k].parameters, streams[k].inputs, 0);
        for (std::size_t i = 0; i < alone.size(); ++i) ASSERT_TRUE(SameBits(alone[i], together[k][i])) << k;
      }
    }
  }
}

TEST(Indicators, AllocateOnlyWhenMade) {
  ForEach([](const IndicatorDefinition& definition, const std::vector<double>& parameters) {
    const Columns inputs = Walk(definition, 300, 3);
    const IndicatorPointer indicator = MakeIndicator(definition, parameters);
    std::vector<double> row(inputs.size()), known(definition.outputs.size());
    const std::int64_t before = AllocationCount();
    for (std::size_t bar = 0; bar < 300; ++bar) {
      for (std::size_t i = 0; i < row.size(); ++i) row[i] = inputs[i][bar];
      indicator->Update(row.data(), known.data());
    }
    ASSERT_EQ(AllocationCount(), before);
  });
}

TEST(Indicators, CanBeMadeWithTheirGreatestParameters) {
  for (const IndicatorDefinition* definition : IndicatorCatalogue()) {
    std::vector<double> parameters;
    for (const IndicatorParameter& parameter : definition->parameters) parameters.push_back(parameter.high);
    const auto made = definition->make(parameters);
    ASSERT_TRUE(made.ok()) << definition->name;
    EXPECT_GE((*made)->warmup(), 1) << definition->name;
  }
}

TEST(Indicators, SayWhichParametersDoNotFitTogether) {
  const std::vector<double> crossed{9, 5};
  const auto made = testing_features::FindIndicator("mavp")->make(crossed);
  ASSERT_FALSE(made.ok());
  EXPECT_EQ(made.error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(made.error().key, "least");
}

// Every other indicator depends on its last warmup() bars alone.
const std::set<std::string_view> kRemember = {
    "ac",          "ad",        "adosc",   "adx",          "adxr",       "apo",          "atr",      "cumsum",
    "cmo",         "cvi",       "dema",    "dx",           "efi",        "ema",          "eri",      "ha",
    "ht_dcperiod", "ht_phasor", "ht_sine", "ht_trendline", "ht_dcphase", "ht_trendmode", "kama",     "kc",
    "kdj",         "keltner",   "macd",    "macdfix",      "mama",       "massi",        "minus_di", "minus_dm",
    "natr",        "nvi",       "obv",     "plus_di",      "plus_dm",    "ppo",          "pvi",      "pvo",
    "pvt",         "rma",       "rsi",     "rvi",          "sar",        "sarext",       "smi",      "stochrsi",
    "supertrend",  "t3",        "tema",    "trix",         "tsi",        "vwap_total",   "wad",      "zlema"};

TEST(Indicators, OfAWindowForgetWhatHasLeftIt) {
  for (const IndicatorDefinition* definition : IndicatorCatalogue()) {
    if (kRemember.contains(definition->name)) continue;
    SCOPED_TRACE(std::string(definition->name));
    const std::vector<double> parameters = SomeParameters(*definition);
    const auto warmup = static_cast<std::size_t>(MakeIndicator(*definition, parameters)->warmup());
    const Columns tail = Walk(*definition, warmup + 60, 4);
    Columns whole = Walk(*definition, 73, 5, 1e12, 1e9);
    for (std::size_t i = 0; i < whole.size(); ++i) whole[i].insert(whole[i].end(), tail[i].begin(), tail[i].end());
    const Columns fresh = RunIndicator(*definition, parameters, tail, 0),
                  old = RunIndicator(*definition, parameters, whole, 0);
    for (std::size_t i = 0; i < fresh.size(); ++i) {
      for (std::size_t bar = warmup - 1; bar < fresh[i].size(); ++bar) {
        ASSERT_NEAR(fresh[i][bar], old[i][bar + 73], 1e-11 * std::max(100.0, std::abs(fresh[i][bar]))) << bar;
      }
    }
  }
}

// Formulas with a logarithm of prices: none for a price of 0.
const std::set<std::string_view> kOfLogarithms = {"bipower_variation",   "garman_klass",    "hurst",
                                                  "log_return",          "parkinson",       "realised_variance",
                                                  "realised_volatility", "rogers_satchell", "yang_zhang"};

TEST(Indicators, StayFiniteOnHostileNumbers) {
  const std::function<double(std::size_t)> streams[] = {
      [](std::size_t) { return 0.0; },
      [](std::size_t) { return 100.1; },
      [](std::size_t) { return 1e60; },
      [](std::size_t) { return 1e-60; },
      [](std::size_t bar) { return bar % 2 == 0 ? 1e-30 : 1e30; },
      [](std::size_t bar) { return bar % 3 == 0 ? 1e12 : 1 + 1e-9 * static_cast<double>(bar % 5); },
      [](std::size_t bar) { return bar < 150 ? 1e40 : 3.3; },
  };
  ForEach([&](const IndicatorDefinition& definition, const std::vector<double>& parameters) {
    const auto warmup = static_cast<std::size_t>(MakeIndicator(definition, parameters)->warmup());
    for (std::size_t stream = 0; stream < std::size(streams); ++stream) {
      if (stream == 0 && kOfLogarithms.contains(definition.name)) continue;
      for (const bool has_volume : {true, false}) {
        Columns inputs(definition.inputs.size());
        for (std::size_t i = 0; i < inputs.size(); ++i) {
          const bool volume = definition.inputs[i].ends_with("volume") || definition.inputs[i].ends_with("size");
          for (std::size_t bar = 0; bar < 400; ++bar) {
            inputs[i].push_back(volume ? (has_volume ? 1000.0 : 0.0) : streams[stream](bar));
          }
        }
        for (const auto& column : RunIndicator(definition, parameters, inputs, 0)) {
          for (std::size_t bar = warmup - 1; bar < column.size(); ++bar) {
            ASSERT_TRUE(std::isfinite(column[bar])) << "stream " << stream << ", bar " << bar << ": " << column[bar];
          }
        }
      }
    }
  });
}

// Prices that stand still: TA-Lib's answers.
TEST(Indicators, SayWhatTaLibSaysOfAFlatMarket) {
  const std::map<std::string_view, double> still = {{"adx", 0},      {"aroonosc", 0},
                                                    {"atr", 0},      {"beta", 0},
                                                    {"bop", 0},      {"cci", 0},
                                                    {"chop", 0},     {"cmf", 0},
                                                    {"cmo", 0},      {"cmou", 0},
                                                    {"correl", 0},   {"dx", 0},
                                                    {"er", 1},       {"imi", 50},
                                                    {"kama", 100.1}, {"macd", 0},
                                                    {"mfi", 0},      {"natr", 0},
                                                    {"plus_di", 0},  {"rsi", 0},
                                                    {"rvi", 50},     {"sma", 100.1},
                                                    {"smi", 0},      {"stddev", 0},
                                                    {"stoch", 0},    {"stochf", 0},
                                                    {"stochrsi", 0}, {"tsi", 0},
                                                    {"ultosc", 0},   {"vhf", 0},
                                                    {"vortex", 0},   {"willr", 0},
                                                    {"zscore", 0},   {"linearreg_slope", 0},
                                                    {"trix", 0},     {"ema", 100.1},
                                                    {"skew", 0},     {"kurtosis", 0},
                                                    {"var", 0}};
  for (const auto& [name, value] : still) {
    const IndicatorDefinition& definition = *testing_features::FindIndicator(name);
    const Columns inputs(definition.inputs.size(), std::vector<double>(300, 100.1));
    EXPECT_EQ(RunIndicator(definition, SomeParameters(definition), inputs, 0)[0].back(), value) << name;
  }
}

// Sums that were kept by adding and taking away would have drifted by 1e-9 and more here.
TEST(Indicators, DoNotDriftOverAMillionBars) {
  const IndicatorDefinition& definition = *testing_features::FindIndicator("sum");
  Columns inputs = Walk(definition, 1'000'000, 6, 0, 1);
  for (std::size_t bar = 0; bar < 1'000'000; bar += 1000) inputs[0][bar] = 1e15;
  for (const char* name : {"sum", "sma", "stddev", "linearreg", "skew", "wma", "var", "zscore"}) {
    const IndicatorDefinition& each = *testing_features::FindIndicator(name);
    std::vector<double> parameters = SomeParameters(each);
    parameters[0] = 400;
    const Columns recent{{inputs[0].end() - 500, inputs[0].end()}};
    const double whole = RunIndicator(each, parameters, inputs, 4096)[0].back();
    const double fresh = RunIndicator(each, parameters, recent, 4096)[0].back();
    EXPECT_NEAR(whole, fresh, 1e-12 * std::max(1.0, std::abs(fresh))) << name;
  }
}

// docs/reference/indicators.md holds a line for each, as `hone` would write it.
std::string Line(const IndicatorDefinition& definition) {
  std::ostringstream line;
  line << "| `" << definition.name << "(";
  const char* separator = "";
  for (const std::string_view input : definition.inputs) line << std::exchange(separator, ", ") << input;
  for (const IndicatorParameter& parameter : definition.parameters) line << ", " << parameter.name;
  line << ")` | " << definition.description << " | ";
  separator = "";
  if (definition.outputs.size() > 1) {
    for (const std::string_view output : definition.outputs) line << std::exchange(separator, ", ") << output;
  }
  const std::vector<double> parameters = SomeParameters(definition);
  line << " | " << MakeIndicator(definition, parameters)->warmup();
  separator = " of ";
  for (const double parameter : parameters) line << std::exchange(separator, ", ") << parameter;
  line << " | " << definition.source << " |";
  return line.str();
}

TEST(Indicators, AreAllInTheirReference) {
  std::ifstream in(std::string(HONE_SOURCE_DIR) + "/docs/reference/indicators.md");
  std::vector<std::string> lines, expected;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("| `")) lines.push_back(line);
  }
  std::ostringstream table;
  for (const IndicatorDefinition* definition : IndicatorCatalogue()) {
    expected.push_back(Line(*definition));
    table << expected.back() << "\n";
  }
  EXPECT_EQ(lines, expected) << "the table should read:\n" << table.str();
}

}  // namespace
}  // namespace hone
