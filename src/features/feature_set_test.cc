#include "features/feature_set.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <set>

#include "market/synthetic.h"

namespace hone {
namespace {

using testing::HasSubstr;

std::vector<std::string> AllNames() {
  std::vector<std::string> names;
  for (const FeatureDefinition& definition : FeatureCatalogue()) names.emplace_back(definition.name);
  return names;
}

std::vector<Bar> Bars(int count) { return SyntheticMarket({"break", count}, 11).series().bars; }

std::vector<std::vector<double>> Values(const std::vector<std::string>& names, SeriesTraits traits,
                                        const std::vector<Bar>& bars, std::size_t begin = 0) {
  auto set = FeatureSet::Make(names, traits);
  EXPECT_TRUE(set.ok());
  std::vector<std::vector<double>> rows;
  std::vector<double> row(names.size());
  for (std::size_t i = begin; i < bars.size(); ++i) {
    set->Update(bars[i], row);
    rows.push_back(row);
  }
  return rows;
}

bool SameBits(const std::vector<double>& a, const std::vector<double>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(double)) == 0;
}

TEST(FeatureCatalogue, HasTheNineAndNoNameTwice) {
  const std::vector<std::string> names = AllNames();
  EXPECT_EQ(std::set<std::string>(names.begin(), names.end()).size(), names.size());
  for (const char* name : {"price_return",    "price_volatility", "price_momentum",
                           "volume_ratio",    "rsi_14",           "macd",
                           "bb_position",     "hour_of_day",      "day_of_week",
                           "log_range_1",     "log_range_5",      "log_range_22",
                           "log_realised_1",  "log_realised_5",   "log_realised_22",
                           "range_1_to_22",   "range_5_to_22",    "realised_5_to_22",
                           "return_1_scaled", "return_5_scaled",  "max_drop_22_scaled"}) {
    EXPECT_TRUE(FindFeature(name).ok()) << name;
  }
}

TEST(FeatureCatalogue, EveryFeatureIsDescribed) {
  for (const FeatureDefinition& definition : FeatureCatalogue()) {
    EXPECT_GT(definition.description.size(), 10U) << definition.name;
    EXPECT_GE(definition.version, 1) << definition.name;
  }
}

TEST(FeatureCatalogue, HashesTellDefinitionsAndSourcesApart) {
  std::set<std::string> hashes;
  for (const FeatureDefinition& definition : FeatureCatalogue()) {
    const std::string range = DefinitionHash(definition, {.has_range = true, .has_volume = true});
    const std::string close = DefinitionHash(definition, {.has_range = false, .has_volume = true});
    EXPECT_EQ(range.size(), 64U);
    EXPECT_EQ(range != close, definition.uses_range) << definition.name;
    EXPECT_TRUE(hashes.insert(range).second) << definition.name;
    FeatureDefinition bumped = definition;
    ++bumped.version;
    EXPECT_NE(DefinitionHash(bumped, {}), range);
  }
}

TEST(FeatureSet, RefusesUnknownDoubleAndNoNames) {
  const auto unknown = FeatureSet::Make({"price_return", "log_rnage_5"}, {});
  ASSERT_FALSE(unknown.ok());
  EXPECT_EQ(unknown.error().code, ErrorCode::kInvalidArgument);
  EXPECT_THAT(unknown.error().ToString(), HasSubstr("log_rnage_5: unknown feature, did you mean log_range_5?"));
  const auto twice = FeatureSet::Make({"macd", "macd"}, {});
  ASSERT_FALSE(twice.ok());
  EXPECT_THAT(twice.error().ToString(), HasSubstr("macd: the feature is listed twice"));
  EXPECT_FALSE(FeatureSet::Make({}, {}).ok());
}

// One battery for every feature: warm-up as promised, finite after it, the same whatever comes later, and no longer
// dependent on what came before the window (averages that never forget aside).
class EveryFeature : public testing::TestWithParam<std::string> {};

TEST_P(EveryFeature, WarmsUpWhenItSays) {
  const auto bars = Bars(300);
  for (const bool has_range : {true, false}) {
    const auto feature = (*FindFeature(GetParam()))->make({has_range, true});
    for (int i = 1; i <= 300; ++i) {
      const double value = feature->Update(bars[static_cast<std::size_t>(i - 1)]);
      EXPECT_EQ(std::isfinite(value), i >= feature->warmup()) << i << " has_range " << has_range;
    }
  }
}

TEST_P(EveryFeature, DoesNotLookAhead) {
  const auto bars = Bars(300);
  const auto whole = Values({GetParam()}, {}, bars);
  for (const std::size_t cut : {1U, 23U, 100U, 299U}) {
    const auto prefix = Values({GetParam()}, {}, {bars.begin(), bars.begin() + static_cast<std::ptrdiff_t>(cut)});
    for (std::size_t i = 0; i < cut; ++i) ASSERT_TRUE(SameBits(prefix[i], whole[i])) << i;
  }
}

TEST_P(EveryFeature, ForgetsWhatIsOutsideItsWindow) {
  if (GetParam() == "rsi_14" || GetParam() == "macd") return;  // exponential averages
  const auto bars = Bars(400);
  const auto whole = Values({GetParam()}, {}, bars);
  const auto later = Values({GetParam()}, {}, bars, 137);
  for (std::size_t i = 70; i < later.size(); ++i) ASSERT_TRUE(SameBits(later[i], whole[137 + i])) << i;
}

TEST_P(EveryFeature, StaysFiniteWhenPricesStandStill) {
  Bar bar{.open_time = 0, .known_at = kDay, .open = 5, .high = 5, .low = 5, .close = 5, .volume = 10};
  const auto feature = (*FindFeature(GetParam()))->make({});
  for (int i = 1; i <= 100; ++i) {
    const double value = feature->Update(bar);
    if (i >= feature->warmup()) {
      EXPECT_TRUE(std::isfinite(value)) << i;
    }
    bar.open_time += kDay;
  }
}

INSTANTIATE_TEST_SUITE_P(Catalogue, EveryFeature, testing::ValuesIn(AllNames()),
                         [](const auto& row) { return row.param; });

TEST(FeatureSet, IsReadyWithItsSlowestFeature) {
  auto set = FeatureSet::Make({"price_return", "log_range_66", "macd"}, {});
  ASSERT_TRUE(set.ok());
  EXPECT_EQ(set->warmup(), 66);
  std::vector<double> row(3);
  int bars = 0;
  for (const Bar& bar : Bars(100)) EXPECT_EQ(set->Update(bar, row), ++bars >= 66);
}

TEST(FeatureSet, TogetherEqualsAlone) {
  const auto bars = Bars(300);
  const auto together = Values(AllNames(), {}, bars);
  for (std::size_t f = 0; f < AllNames().size(); ++f) {
    const auto alone = Values({AllNames()[f]}, {}, bars);
    for (std::size_t i = 0; i < bars.size(); ++i) ASSERT_TRUE(SameBits({together[i][f]}, alone[i])) << AllNames()[f];
  }
}

TEST(FeatureSet, VolumeRatioIsMissingWithoutVolume) {
  auto set = FeatureSet::Make({"volume_ratio", "price_return"}, {.has_range = true, .has_volume = false});
  ASSERT_TRUE(set.ok());
  std::vector<double> row(2);
  const auto bars = Bars(100);
  EXPECT_FALSE(set->Update(bars[0], row));
  EXPECT_TRUE(set->Update(bars[1], row));
  EXPECT_TRUE(std::isnan(row[0]));
  EXPECT_TRUE(std::isfinite(row[1]));
}

TEST(FeatureSet, NeverGivesInfinityAndHasOneNaN) {
  auto set = FeatureSet::Make({"price_return"}, {});
  ASSERT_TRUE(set.ok());
  std::vector<double> row(1);
  Bar bar{.open_time = 0, .known_at = kDay, .open = 1, .high = 1, .low = 1, .close = 1e-300, .volume = 0};
  set->Update(bar, row);
  bar.close = 1e300;
  set->Update(bar, row);
  EXPECT_TRUE(SameBits(row, {std::numeric_limits<double>::quiet_NaN()}));
}

TEST(FeatureSet, TakesExpressionsBesideNames) {
  const std::vector<std::string> names{"rsi_14", "rsi_14 / 100", "zscore(close / ema(close, 20) - 1, 50)", "close[7]"};
  const auto bars = Bars(300);
  const auto rows = Values(names, {}, bars);
  const auto alone = Values({"rsi_14"}, {}, bars);
  for (std::size_t i = 0; i < bars.size(); ++i) {
    ASSERT_TRUE(SameBits({rows[i][0]}, alone[i]));
    ASSERT_TRUE(SameBits({rows[i][1]}, {alone[i][0] / 100}));
    if (i >= 7) {
      EXPECT_EQ(rows[i][3], bars[i - 7].close);
    }
  }
  auto set = FeatureSet::Make(names, {});
  EXPECT_EQ(set->warmup(), 69);
  EXPECT_EQ(set->warmup(3), 8);
  EXPECT_EQ(set->definition_hash(0), DefinitionHash(**FindFeature("rsi_14"), {}));
}

TEST(FeatureSet, BlocksHaveTheBitsOfSingleBars) {
  std::vector<std::string> names = AllNames();
  names.insert(names.end(), {"macd(close, 12, 26, 9).macdhist", "log(volume) - ema(volume, 5)", "close > open"});
  const auto bars = Bars(2000);
  const auto rows = Values(names, {}, bars);
  auto set = FeatureSet::Make(names, {});
  ASSERT_TRUE(set.ok());
  ASSERT_LT(set->block_bars(), bars.size());
  for (std::size_t begin = 0; begin < bars.size(); begin += set->block_bars()) {
    const std::size_t count = std::min(set->block_bars(), bars.size() - begin);
    set->UpdateBlock(std::span(bars).subspan(begin, count));
    for (std::size_t f = 0; f < names.size(); ++f) {
      for (std::size_t i = 0; i < count; ++i) {
        ASSERT_TRUE(SameBits({set->column(f)[i]}, {rows[begin + i][f]})) << names[f] << " at " << begin + i;
      }
    }
  }
}

TEST(FeatureSet, ErrorsNameTheExpressionAndThePlace) {
  const auto wrong = FeatureSet::Make({"close", "log(close) + emma(close, 3)"}, {});
  ASSERT_FALSE(wrong.ok());
  EXPECT_EQ(wrong.error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(wrong.error().ToString(),
            "expression:1:14: log(close) + emma(close, 3): 'emma' is no function; did you mean 'ema'?");
  const auto broken = FeatureSet::Make({"close +\n 1"}, {});
  ASSERT_FALSE(broken.ok());
  EXPECT_THAT(broken.error().ToString(), HasSubstr("one line"));
}

TEST(FeatureSet, TakesAHundredThousandAndRefusesMore) {
  std::vector<std::string> names;
  for (int i = 0; i < 100'000; ++i) names.push_back("close * " + std::to_string(i) + " + rolling_mean(close, 20)");
  auto set = FeatureSet::Make(names, {});
  ASSERT_TRUE(set.ok()) << set.error().ToString();
  std::vector<double> row(names.size());
  const auto bars = Bars(21);
  for (const Bar& bar : bars) set->Update(bar, row);
  EXPECT_EQ(row[0], row[0]);
  EXPECT_NEAR(row[99'999] - row[99'998], bars.back().close, 1e-6);
  names.push_back("close");
  const auto more = FeatureSet::Make(names, {});
  ASSERT_FALSE(more.ok());
  EXPECT_THAT(more.error().ToString(), HasSubstr("100001 features; at most 100000"));
}

}  // namespace
}  // namespace hone
