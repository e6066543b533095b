#include "features/expression/checker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "features/expression/testing/checked.h"
#include "features/expression/testing/random_expression.h"

namespace hone {
namespace {

using testing::HasSubstr;

struct CheckerCase {
  std::string text, error;
};

class Refused : public testing::TestWithParam<CheckerCase> {};

TEST_P(Refused, SaysWhatWouldBeRight) { EXPECT_THAT(ErrorOf(GetParam().text), HasSubstr(GetParam().error)); }

INSTANTIATE_TEST_SUITE_P(
    Expressions, Refused,
    testing::Values(
        CheckerCase{"log(close)+emma(close,3)", "expression:1:12: 'emma' is no function; did you mean 'ema'?"},
        CheckerCase{"clsoe", "expression:1:1: 'clsoe' is no column and no feature; did you mean 'close'?"},
        CheckerCase{"rsi_41 + 1", "did you mean 'rsi_14'?"}, CheckerCase{"xyzzy(close)", "'xyzzy' is no function"},
        CheckerCase{"1 + ema", "expression:1:5: 'ema' is a function; write ema("},
        CheckerCase{"1 + tanh", "'tanh' is a function; write tanh(x)"},
        CheckerCase{"close(3)", "'close' takes no arguments; write it without parentheses"},
        CheckerCase{"rsi_14(close)", "'rsi_14' takes no arguments"},
        CheckerCase{"abs()", "'abs' takes 1 argument, abs(x); 0 given"},
        CheckerCase{"abs(1, 2)", "'abs' takes 1 argument, abs(x); 2 given"},
        CheckerCase{"min(close)", "'min' takes 2 arguments or more"},
        CheckerCase{"sma(close)", "'sma' takes 2 arguments, sma("},
        CheckerCase{"diff(close)", "'diff' takes 2 arguments, diff(x, n); 1 given"},
        CheckerCase{"sma(close, open)", "expression:1:12: "}, CheckerCase{"sma(close, open)", "a whole number from"},
        CheckerCase{"sma(close, open)", "and constant"},
        CheckerCase{"lag(close, 0)", "n of 'lag' must be a whole number from 1 to"},
        CheckerCase{"lag(close, 2.5)", "is 2.5"}, CheckerCase{"close[-1]", "is -1"},
        CheckerCase{"lag(close, 1 > 0)", "and constant"},
        CheckerCase{"rolling_quantile(close, 5, 1.5)",
                    "probability of 'rolling_quantile' must be a number from 0 to 1, is 1.5"},
        CheckerCase{"rolling_std(close, 1)", "from 2 to"},
        CheckerCase{"macd(close,12,26,9)", "has the outputs macd, macdsignal, macdhist; name one"},
        CheckerCase{"sma(macd(close,12,26,9), 3)", "has the outputs macd"},
        CheckerCase{"macd(close,12,26,9).signal", "'macd' has no output 'signal', but macd, macdsignal, macdhist"},
        CheckerCase{"macd(close,12,26,9).macdsingal", "did you mean 'macdsignal'?"},
        CheckerCase{"close.macd", "'.macd' follows what has no several outputs"},
        CheckerCase{"macd(close,12,26,9).macd.macd", "follows what has no several outputs"},
        CheckerCase{"(close > 1) + 1", "'+' takes a number here, this is a condition"},
        CheckerCase{"close and open", "'and' takes a condition here, this is a number"},
        CheckerCase{"not close", "'not' takes a condition here"},
        CheckerCase{"if(close, 1, 2)", "'if' takes a condition here"},
        CheckerCase{"if(close > 1, close > 2, 3)", "'if' takes a number here"},
        CheckerCase{"sma(close > 1, 3)", "'sma' takes a number here, this is a condition"},
        CheckerCase{"close * (1 / 0)", "expression:1:12: '/' of these constants has no finite value"},
        CheckerCase{"log(0)", "'log' of these constants"}, CheckerCase{"1e308 * 10", "no finite value"}));

TEST(CheckExpression, AnExpressionBombIsRefusedBeforeItIsMade) {
  std::string text = "close";
  for (int i = 0; i < 12; ++i) text.insert(0, "lag(").append(", 100000)");
  EXPECT_THAT(ErrorOf(text), HasSubstr("lag: needs 1000001 bars to warm up; at most 1000000"));
  std::string sum = "0";
  for (int i = 0; i < 90; ++i) sum += "+lag(close," + std::to_string(99'000 + i) + ")";
  EXPECT_THAT(ErrorOf(sum), HasSubstr("the windows of the features need more than 256 MiB"));
}

TEST(CheckExpression, BoundsTheNodesOfASet) {
  ExpressionGraph graph(SeriesTraits{}, {.nodes = 4});
  const auto fits = CheckExpression(*ParseExpression("close + 1"), {}, graph);
  EXPECT_TRUE(fits.ok());
  const auto refused = CheckExpression(*ParseExpression("close + 2"), {}, graph);
  ASSERT_FALSE(refused.ok());
  EXPECT_THAT(refused.error().ToString(), HasSubstr("more than 4 different parts"));
}

TEST(CheckExpression, EqualPartsAreOneNode) {
  const auto compiled =
      Compile("sma(close, 5) / SMA(close, 2+3) - macd(close,3,5,2).macd * macd(close,3,5,2).macdhist");
  ASSERT_TRUE(compiled.ok());
  EXPECT_EQ(compiled->graph.nodes().size(), 6U) << "close, sma, /, macd, *, -";
}

TEST(CheckExpression, KnowsTheWarmup) {
  const auto warmup = [](const std::string& text) {
    const auto compiled = Compile(text);
    return compiled.ok() ? compiled->graph.NodeOf(compiled->checked.slot).warmup : -1;
  };
  EXPECT_EQ(warmup("close"), 1);
  EXPECT_EQ(warmup("5"), 1);
  EXPECT_EQ(warmup("lag(close, 3)"), 4);
  EXPECT_EQ(warmup("sma(close, 20) - ema(close, 5)"), 20);
  EXPECT_EQ(warmup("rsi(ema(close, 5), 14)"), 19);
  EXPECT_EQ(warmup("log_range_22[1]"), 23);
}

TEST(HashOf, TellsExpressionsApart) {
  std::set<std::string> hashes;
  for (const char* text : {"close",
                           "open",
                           "1",
                           "2",
                           "-1",
                           "close + open",
                           "open + close",
                           "close - open",
                           "sma(close, 5)",
                           "sma(close, 6)",
                           "sma(open, 5)",
                           "ema(close, 5)",
                           "rolling_mean(close, 5)",
                           "macd(close,3,5,2).macd",
                           "macd(close,3,5,2).macdhist",
                           "macd",
                           "rsi_14",
                           "rsi_14 + 0",
                           "close > open",
                           "close >= open"}) {
    EXPECT_TRUE(hashes.insert(HashOf(text)).second) << text;
  }
  EXPECT_EQ(HashOf("diff(close, 1)"), HashOf("close-close[1]"));
}

TEST(HashOf, OfAFeatureIsItsDefinitions) {
  for (const bool has_range : {true, false}) {
    const SeriesTraits traits{.has_range = has_range};
    EXPECT_EQ(HashOf("log_range_22", traits), DefinitionHash(**FindFeature("log_range_22"), traits));
  }
  EXPECT_NE(HashOf("log_range_22 + 1", {.has_range = true}), HashOf("log_range_22 + 1", {.has_range = false}));
  EXPECT_EQ(HashOf("rsi_14 + 1", {.has_range = true}), HashOf("rsi_14 + 1", {.has_range = false}));
}

TEST(HashOf, ChangesWithTheVersionOfAnIndicator) {
  IndicatorDefinition bumped = *FindIndicator("ema");
  ++bumped.version;
  ExpressionGraph graph(SeriesTraits{});
  const Slot close = *graph.Column(3), before = *graph.Of(*FindIndicator("ema"), {close}, {5});
  const Slot after = *graph.Of(bumped, {close}, {5}), made_of_it = *graph.Of(Pointwise::kNegative, {after});
  EXPECT_NE(graph.HashOf(before), graph.HashOf(after));
  EXPECT_NE(graph.HashOf(*graph.Of(Pointwise::kNegative, {before})), graph.HashOf(made_of_it));
}

// The hashes go into stored models: these must never change.
TEST(HashOf, StaysWhatItWas) { EXPECT_EQ(HashOf("close / lag(close, 5) - 1").substr(0, 16), "09afbd1e74b8253e"); }

TEST(CanonicalText, ReadAgainIsTheSame) {
  for (std::uint64_t seed = 0; seed < 2'000; ++seed) {
    const std::string text = RandomExpression(seed).Number(4);
    const auto compiled = Compile(text);
    if (!compiled.ok()) {
      EXPECT_THAT(compiled.error().message, HasSubstr("of these constants has no finite value")) << text;
      continue;
    }
    const std::string canonical = CanonicalOf(text);
    EXPECT_EQ(CanonicalOf(canonical), canonical) << text;
    EXPECT_EQ(HashOf(canonical), HashOf(text)) << text << "\n" << canonical;
  }
}

TEST(FindIndicator, FindsEachButThoseOfOneBarsFunctions) {
  for (const IndicatorDefinition* indicator : IndicatorCatalogue()) {
    const bool hidden = indicator->name == "min" || indicator->name == "max";
    EXPECT_EQ(FindIndicator(indicator->name), hidden ? nullptr : indicator) << indicator->name;
    EXPECT_LE(indicator->inputs.size(), kMostInputs) << indicator->name;
    EXPECT_LE(indicator->outputs.size(), kMostOutputs) << indicator->name;
  }
  for (const IndicatorDefinition& window : WindowFunctions()) EXPECT_EQ(FindIndicator(window.name), &window);
  EXPECT_EQ(FindIndicator("emma"), nullptr);
}

}  // namespace
}  // namespace hone
