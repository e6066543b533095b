#include "market/synthetic.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "market/bar_check.h"

namespace hone {
namespace {

using testing::HasSubstr;

SyntheticSpec Spec(const std::string& text) {
  auto spec = ParseSyntheticSpec(text);
  EXPECT_TRUE(spec.ok()) << text;
  return spec.ok() ? *spec : SyntheticSpec{};
}

double MeanLogRange(const std::vector<Bar>& bars, std::size_t begin, std::size_t end) {
  double sum = 0;
  for (std::size_t i = begin; i < end; ++i) sum += std::log(std::log(bars[i].high / bars[i].low));
  return 2 * sum / static_cast<double>(end - begin);
}

TEST(SyntheticSpec, IsParsed) {
  EXPECT_EQ(Spec("synthetic:calm").bars, 1500);
  EXPECT_EQ(Spec("synthetic:break,bars=3000").bars, 3000);
  EXPECT_EQ(Spec("synthetic:flicker").kind, "flicker");
  EXPECT_TRUE(IsSyntheticSource("synthetic:x"));
  EXPECT_FALSE(IsSyntheticSource("synthetic.csv"));
}

TEST(SyntheticSpec, ErrorsSayWhatThereIs) {
  const auto unknown = ParseSyntheticSpec("synthetic:braek");
  ASSERT_FALSE(unknown.ok());
  EXPECT_EQ(unknown.error().code, ErrorCode::kInvalidArgument);
  EXPECT_THAT(unknown.error().ToString(), HasSubstr("did you mean break?; there are calm, break, gradual, flicker"));
  for (const char* text : {"synthetic:", "synthetic:calm,bars=", "synthetic:calm,bars=99", "synthetic:calm,bars=1e9",
                           "synthetic:calm,bars=60001", "synthetic:calm,rows=5", "synthetic:calm,", "calm"}) {
    EXPECT_FALSE(ParseSyntheticSpec(text).ok()) << text;
  }
}

class SyntheticKind : public testing::TestWithParam<const char*> {};

TEST_P(SyntheticKind, GivesValidBarsInOrder) {
  const SyntheticMarket market(Spec(GetParam()), 3);
  const BarSeries& series = market.series();
  ASSERT_EQ(series.bars.size(), 1500U);
  EXPECT_EQ(series.source, std::string(GetParam()) + ",bars=1500");
  EXPECT_TRUE(series.has_range);
  EXPECT_TRUE(series.has_volume);
  for (std::size_t i = 0; i < series.bars.size(); ++i) {
    const Bar& bar = series.bars[i];
    ASSERT_TRUE(CheckBar(bar).ok()) << i;
    ASSERT_LE(bar.low, std::min(bar.open, bar.close));
    ASSERT_GE(bar.high, std::max(bar.open, bar.close));
    ASSERT_NE(ToCivil(bar.open_time).weekday, 0);
    ASSERT_NE(ToCivil(bar.open_time).weekday, 6);
    if (i > 0) {
      ASSERT_GE(bar.open_time, series.bars[i - 1].known_at);
    }
  }
}

TEST_P(SyntheticKind, IsTheSameForOneSeedAndAnotherForAnother) {
  const SyntheticSpec spec = Spec(GetParam());
  EXPECT_EQ(SyntheticMarket(spec, 3).series().fingerprint, SyntheticMarket(spec, 3).series().fingerprint);
  EXPECT_NE(SyntheticMarket(spec, 3).series().fingerprint, SyntheticMarket(spec, 4).series().fingerprint);
}

INSTANTIATE_TEST_SUITE_P(All, SyntheticKind,
                         testing::Values("synthetic:calm", "synthetic:break", "synthetic:gradual", "synthetic:flicker"),
                         [](const auto& row) { return std::string(row.param).substr(10); });

TEST(SyntheticMarket, RegimesAreWhereTheyAreSaidToBe) {
  const SyntheticMarket calm(Spec("synthetic:calm"), 1), sudden(Spec("synthetic:break"), 1);
  const SyntheticMarket gradual(Spec("synthetic:gradual"), 1), flicker(Spec("synthetic:flicker"), 1);
  EXPECT_EQ(calm.change_at(), 1500U);
  EXPECT_EQ(sudden.change_at(), 675U);
  for (std::size_t i = 0; i < 1500; ++i) {
    EXPECT_EQ(calm.regime_at(i), 0);
    EXPECT_EQ(sudden.regime_at(i), i >= 675 ? 1 : 0);
    EXPECT_EQ(flicker.regime_at(i), i >= 675 && i < 735 ? 1 : 0);
  }
  EXPECT_EQ(gradual.regime_weight(674), 0);
  EXPECT_NEAR(gradual.regime_weight(675 + 199), 0.5, 1e-12);
  EXPECT_EQ(gradual.regime_weight(675 + 399), 1);
}

TEST(SyntheticMarket, TheLongestEndsBeforeTimeDoes) {
  const SyntheticMarket market(Spec("synthetic:calm,bars=60000"), 1);
  const auto& bars = market.series().bars;
  EXPECT_GT(bars.back().open_time, bars[bars.size() - 2].open_time);
  EXPECT_GT(bars.back().known_at, bars.back().open_time);
}

TEST(SyntheticMarket, TheLevelOfVolatilityRisesAtTheBreak) {
  const SyntheticMarket market(Spec("synthetic:break,bars=20000"), 5);
  const auto& bars = market.series().bars;
  const double before = MeanLogRange(bars, 0, market.change_at());
  const double after = MeanLogRange(bars, market.change_at() + 100, bars.size());
  EXPECT_NEAR(after - before, 1.2, 0.1);
}

TEST(SyntheticMarket, ReturnsHaveTheVarianceTheyAreSaidToHave) {
  const SyntheticMarket market(Spec("synthetic:calm,bars=50000"), 6);
  const auto& bars = market.series().bars;
  double scaled = 0, forecast = 0, mean = 0;
  for (std::size_t i = 0; i + 1 < bars.size(); ++i) {
    const double move = std::log(bars[i + 1].close / bars[i].close);
    scaled += move * move / std::exp(market.conditional_log_variance(i) + 0.35 * 0.35 / 2);
    mean += move / std::exp(market.conditional_log_variance(i) / 2);
    forecast += market.conditional_log_variance(i);
  }
  const double n = static_cast<double>(bars.size() - 1);
  EXPECT_NEAR(scaled / n, 1, 0.03);
  EXPECT_NEAR(mean / n, 0, 0.02);
  EXPECT_NEAR(forecast / n, -9.2103, 0.05);
}

// The conditional expectation explains more of the next bar's log range than the level alone.
TEST(SyntheticMarket, TheConditionalExpectationPredicts) {
  const SyntheticMarket market(Spec("synthetic:calm,bars=50000"), 6);
  const auto& bars = market.series().bars;
  double xy = 0, xx = 0, x1 = 0, y1 = 0;
  const double n = static_cast<double>(bars.size() - 1);
  for (std::size_t i = 0; i + 1 < bars.size(); ++i) {
    const double x = market.conditional_log_variance(i);
    const double y = 2 * std::log(std::log(bars[i + 1].high / bars[i + 1].low));
    x1 += x / n;
    y1 += y / n;
    xy += x * y / n;
    xx += x * x / n;
  }
  EXPECT_NEAR((xy - x1 * y1) / (xx - x1 * x1), 1, 0.05);  // slope of the truth on the forecast
}

TEST(SyntheticMarket, FreshBarsBelongToTheRegimeInForce) {
  const SyntheticMarket market(Spec("synthetic:break"), 9);
  const BarSeries old = market.FreshBars(100, 20000), fresh = market.FreshBars(1000, 20000);
  EXPECT_NEAR(MeanLogRange(fresh.bars, 0, 20000) - MeanLogRange(old.bars, 0, 20000), 1.2, 0.1);
  // Stationary from the first bar on: both halves have one level.
  EXPECT_NEAR(MeanLogRange(fresh.bars, 0, 10000) - MeanLogRange(fresh.bars, 10000, 20000), 0, 0.1);
  for (const Bar& bar : fresh.bars) ASSERT_TRUE(CheckBar(bar).ok());
}

TEST(SyntheticMarket, FreshBarsDependOnSeedAndRegimeOnly) {
  const SyntheticMarket market(Spec("synthetic:break"), 9), other(Spec("synthetic:break"), 10);
  const auto hash = [](const BarSeries& series) { return FingerprintBars(series.bars); };
  EXPECT_EQ(hash(market.FreshBars(700, 50)), hash(market.FreshBars(1400, 50)));
  EXPECT_NE(hash(market.FreshBars(100, 50)), hash(market.FreshBars(1400, 50)));
  EXPECT_NE(hash(market.FreshBars(700, 50)), hash(other.FreshBars(700, 50)));
  EXPECT_NE(market.FreshBars(700, 50).bars[0].close, market.series().bars[0].close);
}

}  // namespace
}  // namespace hone
