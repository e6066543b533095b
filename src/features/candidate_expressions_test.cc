#include "features/candidate_expressions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "features/feature_set.h"
#include "market/synthetic.h"

namespace hone {
namespace {

using testing::Contains;
using testing::Not;

constexpr std::size_t kAll = 10'000;

std::vector<std::string> Texts(const CandidateDraw& draw) {
  std::vector<std::string> texts;
  for (const CandidateExpression& candidate : draw.candidates) texts.push_back(candidate.text);
  return texts;
}

CandidateDraw Drawn(std::size_t most, std::uint64_t seed, const std::vector<std::string>& at_hand = {"log_range_22"},
                    SeriesTraits traits = {}) {
  auto draw = DrawCandidates(at_hand, traits, {}, most, seed);
  EXPECT_TRUE(draw.ok()) << draw.error().ToString();
  return *std::move(draw);
}

// All of them compile together, and none is another: what the store and models ask of features.
TEST(CandidateExpressions, AreAllFeaturesAndAllDifferent) {
  const CandidateDraw draw = Drawn(kAll, 0);
  EXPECT_GT(draw.candidates.size(), 500U);
  EXPECT_EQ(draw.candidates.size() + draw.repeated + draw.too_long, draw.derivations);
  const std::vector<std::string> texts = Texts(draw);
  auto set = FeatureSet::Make(texts, {});
  ASSERT_TRUE(set.ok()) << set.error().ToString();
  std::set<std::string> hashes, families;
  for (std::size_t i = 0; i < texts.size(); ++i) hashes.insert(set->definition_hash(i));
  for (const CandidateExpression& candidate : draw.candidates) families.emplace(candidate.family);
  EXPECT_EQ(hashes.size(), texts.size());
  EXPECT_EQ(families.size(), 12U);
  EXPECT_LE(set->warmup(), 250);

  std::vector<double> row(texts.size());
  std::size_t known = 0;
  const SyntheticMarket market({"calm", 400}, 1);
  for (const Bar& bar : market.series().bars) set->Update(bar, row);
  for (const double value : row) known += std::isfinite(value) ? 1 : 0;
  EXPECT_GT(known, texts.size() * 95 / 100) << "few have no value at the last bar";
}

TEST(CandidateExpressions, AreMadeOfEveryProduction) {
  const std::vector<std::string> texts = Texts(Drawn(kAll, 0));
  for (const char* const expected :
       {"lag(log(close / lag(close, 1)), 5)", "lag(log_range_22, 3)", "rolling_mean(log(high / low), 22)",
        "log(rolling_mean(log(high / low) ^ 2, 10))", "zscore(log_range_22, 66)", "close / ema(close, 22) - 1",
        "correl(log(close / lag(close, 1)), log_range_22, 44)",
        "(close - rolling_min(low, 5)) / (rolling_max(high, 5) - rolling_min(low, 5))"}) {
    EXPECT_THAT(texts, Contains(expected));
  }
}

// What is in units of the price or of volume is taken as its standard score, what has none stands as it is.
TEST(CandidateExpressions, TakeIndicatorsWithoutTheirUnit) {
  const std::vector<std::string> texts = Texts(Drawn(kAll, 0));
  for (const char* const alone : {"rsi(close, 14)", "adx(high, low, close, 14)", "cmf(high, low, close, volume, 22)"}) {
    EXPECT_THAT(texts, Contains(alone));
  }
  for (const char* const level : {"sma(close, 14)", "atr(high, low, close, 14)", "aroon(high, low, 5)"}) {
    EXPECT_THAT(texts, Not(Contains(level)));
  }
  EXPECT_THAT(texts, Contains("zscore(atr(high, low, close, 14), 66)"));
  EXPECT_THAT(texts, Contains("aroon(high, low, 5).aroonup"));
}

TEST(CandidateExpressions, AskBarsOnlyForWhatTheyHave) {
  SeriesTraits closes;
  closes.has_range = closes.has_volume = false;
  const std::vector<std::string> texts = Texts(Drawn(kAll, 0, {}, closes));
  EXPECT_GT(texts.size(), 200U);
  for (const char* const word : {"high", "low,", "open", "volume"}) {
    EXPECT_THAT(texts, Not(Contains(testing::HasSubstr(word))));
  }
}

TEST(CandidateExpressions, AreDrawnByTheSeed) {
  const auto one = Texts(Drawn(50, 1)), again = Texts(Drawn(50, 1)), other = Texts(Drawn(50, 2));
  EXPECT_EQ(one.size(), 50U);
  EXPECT_EQ(one, again);
  EXPECT_NE(one, other);
}

TEST(CandidateExpressions, RepeatNothingThatIsAtHand) {
  const auto texts = Texts(Drawn(kAll, 0, {"rsi(close, 7 + 7)", "close / ema(close, 22) - 1"}));
  EXPECT_THAT(texts, Not(Contains("rsi(close, 14)")));
  EXPECT_THAT(texts, Not(Contains("close / ema(close, 22) - 1")));
}

TEST(CandidateExpressions, UseDefinitions) {
  UserDefinitions definitions;
  ASSERT_TRUE(
      definitions.Read("features:\n  - {name: trend, expression: 'close / sma(close, 7) - 1'}\n", "f.yaml").ok());
  const auto draw = DrawCandidates(std::vector<std::string>{"trend"}, {}, definitions, kAll, 0);
  ASSERT_TRUE(draw.ok()) << draw.error().ToString();
  EXPECT_THAT(Texts(*draw), Contains("lag(close / sma(close, 7) - 1, 2)")) << "written out";
  const auto unknown = DrawCandidates(std::vector<std::string>{"trend"}, {}, {}, kAll, 0);
  EXPECT_THAT(unknown.error().message, testing::HasSubstr("trend"));
}

}  // namespace
}  // namespace hone
