// Values against plain re-computation; blocks against single bars, to the bit, on random expressions.
#include "features/expression/evaluator.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <functional>

#include "features/expression/testing/checked.h"
#include "features/expression/testing/random_expression.h"
#include "market/synthetic.h"

namespace hone {
namespace {

std::vector<Bar> Bars(int count, std::uint64_t seed = 5) {
  return SyntheticMarket({"break", count}, seed).series().bars;
}

bool SameBits(std::span<const double> a, std::span<const double> b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size_bytes()) == 0;
}

void ExpectValues(const std::string& text, const std::vector<Bar>& bars, const std::vector<double>& expected) {
  const std::vector<double> values = ValuesOf(text, bars);
  ASSERT_EQ(values.size(), expected.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    EXPECT_TRUE(SameBits({&values[i], 1}, {&expected[i], 1})) << text << " at " << i << ": " << values[i];
  }
}

constexpr double kNoValue = kMissing;

TEST(Evaluator, ComputesTheFunctions) {
  const std::vector<Bar> bars = Closes({4, 0.25, 9});
  ExpectValues("close * 2 + 1", bars, {9, 1.5, 19});
  ExpectValues("2 ^ -1 + sqrt(close)", bars, {2.5, 1, 3.5});
  ExpectValues("if(close > 1, close, -close)", bars, {4, -0.25, 9});
  ExpectValues("close > 1 and not close == 9", bars, {1, 0, 0});
  ExpectValues("close < 1 or close >= 9", bars, {0, 1, 1});
  ExpectValues("clip(close, 1, 5)", bars, {4, 1, 5});
  ExpectValues("min(close, 3, 2) + max(close, 3)", bars, {6, 3.25, 11});
  ExpectValues("sign(close - 4)", bars, {0, -1, 1});
  ExpectValues("floor(close) + ceil(close) + round(close)", bars, {12, 1, 27});
  ExpectValues("abs(-close) + log(exp(1)) ", bars, {5, 1.25, 10});
}

TEST(Evaluator, WhatIsMissingStaysSo) {
  const std::vector<Bar> bars = Closes({4, 0.25, 9});
  ExpectValues("1 / (close - 4)", bars, {kNoValue, -1 / 3.75, 0.2});
  ExpectValues("log(close - 1) > 0", bars, {1, kNoValue, 1});
  ExpectValues("0 ^ log(close - 1) ", bars, {0, kNoValue, 0});
  ExpectValues("log(close - 1) ^ 0", bars, {1, kNoValue, 1});
  ExpectValues("min(log(close - 1), -1000)", bars, {-1000, kNoValue, -1000});
  ExpectValues("if(close > 1, 2, log(close - 1))", bars, {2, kNoValue, 2});
  ExpectValues("if(close < 1, 2, 3 * log(close - 0.25) / log(close - 0.25))", bars, {3, 2, 3});
  ExpectValues("is_missing(log(close - 1))", bars, {0, 1, 0});
  ExpectValues("coalesce(log(close - 1), 7) > 6", bars, {0, 1, 0});
  ExpectValues("exp(close * 1000)", bars, {kNoValue, std::exp(250.0), kNoValue});
}

// sqrt(close) is missing where a bar's close stands for "none": the windows pass over those bars.
TEST(Evaluator, WindowsPassOverMissingBars) {
  const std::vector<Bar> bars = Closes({1, 2, 100, 3, 100, 100, 4});
  const std::string x = "if(close < 50, close, 1 / (close - 100))";
  ExpectValues(x, bars, {1, 2, kNoValue, 3, kNoValue, kNoValue, 4});
  ExpectValues("lag(" + x + ", 1)", bars, {kNoValue, 1, kNoValue, 2, kNoValue, kNoValue, 3});
  ExpectValues("rolling_sum(" + x + ", 2)", bars, {kNoValue, 3, kNoValue, 5, kNoValue, kNoValue, 7});
  ExpectValues("fill_forward(" + x + ")", bars, {1, 2, 2, 3, 3, 3, 4});
  ExpectValues("fill_mean(" + x + ")", bars, {1, 2, 1.5, 3, 2, 2, 4});
}

using Window = std::vector<double>;

// rolling_NAME(close, n) against `of` the last n closes.
void ExpectWindow(const std::string& name, int n, const std::string& more, const std::function<double(Window)>& of) {
  const std::vector<Bar> bars = Bars(400);
  const std::vector<double> values = ValuesOf("rolling_" + name + "(close, " + std::to_string(n) + more + ")", bars);
  for (std::size_t i = 0; i < bars.size(); ++i) {
    if (i + 1 < static_cast<std::size_t>(n)) {
      EXPECT_TRUE(std::isnan(values[i])) << name << " " << i;
      continue;
    }
    Window window;
    for (std::size_t j = i + 1 - static_cast<std::size_t>(n); j <= i; ++j) window.push_back(bars[j].close);
    const double expected = of(window);
    ASSERT_NEAR(values[i], expected, 1e-12 * std::max(1.0, std::fabs(expected))) << name << " " << n << " at " << i;
  }
}

double SumOf(const Window& window) {
  double sum = 0;
  for (const double x : window) sum += x;
  return sum;
}

double StdOf(const Window& window) {
  const double mean = SumOf(window) / static_cast<double>(window.size());
  double squares = 0;
  for (const double x : window) squares += (x - mean) * (x - mean);
  return std::sqrt(squares / static_cast<double>(window.size() - 1));
}

double QuantileOf(Window window, double probability) {
  std::sort(window.begin(), window.end());
  const double at = probability * static_cast<double>(window.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  return below + 1 == window.size() ? window[below]
                                    : window[below] + (at - std::floor(at)) * (window[below + 1] - window[below]);
}

TEST(Evaluator, WindowsAreWhatTheySay) {
  for (const int n : {1, 2, 3, 7, 64, 200}) {
    ExpectWindow("sum", n, "", SumOf);
    ExpectWindow("mean", n, "", [](const Window& w) { return SumOf(w) / static_cast<double>(w.size()); });
    ExpectWindow("min", n, "", [](const Window& w) { return *std::min_element(w.begin(), w.end()); });
    ExpectWindow("max", n, "", [](const Window& w) { return *std::max_element(w.begin(), w.end()); });
    ExpectWindow("median", n, "", [](const Window& w) { return QuantileOf(w, 0.5); });
    for (const char* p : {"0", "0.1", "0.75", "1"}) {
      ExpectWindow("quantile", n, std::string(", ") + p, [p](const Window& w) { return QuantileOf(w, std::stod(p)); });
    }
    if (n > 1) ExpectWindow("std", n, "", StdOf);
  }
}

TEST(Evaluator, WhatLeftAWindowLeavesNoTrace) {
  std::vector<double> closes{1e300, 3, 1e-300, 1e17};
  closes.resize(40, 0.1);
  const std::vector<Bar> bars = Closes(closes);
  for (const char* text : {"rolling_sum(close, 8)", "rolling_mean(close, 8) * 8"}) {
    EXPECT_NEAR(ValuesOf(text, bars).back(), 0.8, 1e-15) << text;
  }
  EXPECT_EQ(ValuesOf("rolling_std(close, 8)", bars).back(), 0);
}

std::vector<double> InBlocks(const std::string& text, const std::vector<Bar>& bars, Random& random) {
  auto compiled = Compile(text);
  Evaluator evaluator(compiled->graph, std::vector<Slot>{compiled->checked.slot});
  std::vector<double> values;
  while (values.size() < bars.size()) {
    const std::size_t left = bars.size() - values.size();
    const std::size_t take = std::min<std::size_t>(left, 1 + random.Below(evaluator.block_bars()));
    evaluator.UpdateBlock(std::span(bars).subspan(values.size(), take));
    values.insert(values.end(), evaluator.column(0).begin(), evaluator.column(0).end());
    if (values.size() < bars.size() && random.Below(3) == 0) {  // blocks and single bars may take turns
      evaluator.Update(bars[values.size()]);
      values.push_back(evaluator.value(0));
    }
  }
  return values;
}

TEST(Evaluator, BlocksHaveTheBitsOfSingleBars) {
  const std::vector<Bar> bars = Bars(700);
  Random random(3);
  std::size_t known = 0, missing = 0;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    const std::string text = RandomExpression(seed).Number(4);
    if (!Compile(text).ok()) continue;
    const std::vector<double> values = ValuesOf(text, bars);
    ASSERT_TRUE(SameBits(InBlocks(text, bars, random), values)) << text;
    for (const double value : values) {
      ASSERT_FALSE(std::isinf(value)) << text;
      ++(std::isnan(value) ? missing : known);
    }
  }
  EXPECT_GT(known, 50'000U);
  EXPECT_GT(missing, 10'000U) << "missing values are among what was compared";
}

// Five of one definition and depth, one of them missing now and then, and one of another depth.
TEST(Evaluator, IndicatorsSideBySideHaveTheBitsOfSingleBars) {
  const std::vector<Bar> bars = Bars(700);
  Random random(7);
  for (const std::string& some : {std::string("sqrt(high - low)"), std::string("sqrt(close - open)")}) {
    const std::string text =
        "ema(abs(close - open), 3) + 2 * coalesce(ema(" + some +
        ", 5), -1) - ema(abs(open - low), 7) / ema(exp(low - high), 9) + 3 * ema(abs(high - open), "
        "4) - 4 * ema(ema(close, 3), 6)";
    ASSERT_TRUE(SameBits(InBlocks(text, bars, random), ValuesOf(text, bars))) << text;
  }
}

TEST(Evaluator, DoesNotLookAhead) {
  const std::vector<Bar> bars = Bars(300);
  std::vector<Bar> changed = bars;
  for (std::size_t i = 200; i < changed.size(); ++i) changed[i].close *= 3;
  for (std::uint64_t seed = 1000; seed < 1100; ++seed) {
    const std::string text = RandomExpression(seed).Number(4);
    if (!Compile(text).ok()) continue;
    const auto before = ValuesOf(text, bars), after = ValuesOf(text, changed);
    ASSERT_TRUE(SameBits(std::span(before).first(200), std::span(after).first(200))) << text;
  }
}

TEST(Evaluator, ComputesOnlyWhatIsAskedFor) {
  auto compiled = Compile("sma(close, 5) + rolling_median(close, 10000)");
  ASSERT_TRUE(compiled.ok());
  const Slot close = *compiled->graph.Column(3), sma = *compiled->graph.Of(*FindIndicator("sma"), {close}, {5});
  Evaluator evaluator(compiled->graph, std::vector<Slot>{sma, sma});
  EXPECT_EQ(evaluator.width(), 2U);
  for (const Bar& bar : Bars(5)) evaluator.Update(bar);
  EXPECT_FALSE(std::isnan(evaluator.value(1)));
  for (const GraphNode& node : compiled->graph.nodes()) {
    if (node.indicator != nullptr && node.indicator->name == "rolling_median") {
      EXPECT_NE(node.indicator_state, nullptr);
    }
  }
}

TEST(Evaluator, VolumeIsMissingWhereThereIsNone) {
  const std::vector<double> values =
      ValuesOf("coalesce(volume, -1)", Bars(3), {.has_range = true, .has_volume = false});
  EXPECT_EQ(values, (std::vector<double>{-1, -1, -1}));
}

}  // namespace
}  // namespace hone
