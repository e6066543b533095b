#include "features/store/registered_features.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "features/feature_set.h"
#include "features/store/schema.h"
#include "market/synthetic.h"
#include "storage/testing/temporary_folder.h"

namespace hone {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class RegisteredFeaturesTest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(database_->Execute(FeatureStoreSql()).ok()); }
  RegisteredFeatures Load() {
    auto loaded = RegisteredFeatures::Load(*database_);
    EXPECT_TRUE(loaded.ok()) << loaded.error().ToString();
    return std::move(loaded).value();
  }
  void Register(const std::string& entries) {
    const auto done = Load().Register("features:\n" + entries, "my.yaml", 5);
    ASSERT_TRUE(done.ok()) << done.error().ToString();
  }
  std::string Refusal(const std::string& entries) {
    const std::size_t before = Load().all().size();
    const auto done = Load().Register("features:\n" + entries, "my.yaml", 5);
    EXPECT_EQ(Load().all().size(), before) << "all or none";
    return done.ok() ? "" : done.error().ToString();
  }

  TemporaryFolder folder_;
  std::unique_ptr<Database> database_ =
      std::move(*Database::Open(folder_ / "hone.db", {.synchronous = Synchronous::kOff}));
};

constexpr char kBoth[] =
    "  - {name: trend, expression: close / average - 1, tags: [level], description: far from usual}\n"
    "  - {name: average, expression: 'ema(close, 20)'}\n";

TEST_F(RegisteredFeaturesTest, ComeBackAsTheyWereRegistered) {
  Register(kBoth);
  const RegisteredFeatures features = Load();
  ASSERT_EQ(features.all().size(), 2u);
  const RegisteredFeature& trend = **features.Find("trend");
  EXPECT_EQ(trend.key(), "trend@1");
  EXPECT_EQ(trend.definition.description, "far from usual");
  EXPECT_THAT(trend.definition.tags, ElementsAre("level"));
  EXPECT_EQ(trend.registered, 5);
  EXPECT_THAT(trend.uses, ElementsAre((*features.Find("average"))->id));
  const auto plain = FeatureSet::Make({"close / ema(close, 20) - 1"}, {});
  EXPECT_EQ(trend.hash, plain->definition_hash(0)) << "the hash of what is computed";
}

TEST_F(RegisteredFeaturesTest, ANameStandsInExpressionsForItsNewestVersion) {
  Register(kBoth);
  Register("  - {name: average, version: 2, expression: 'ema(close, 50)'}\n");
  const RegisteredFeatures features = Load();
  const auto set = FeatureSet::Make({"average * 2", "average@1", "trend"}, {}, features.definitions());
  ASSERT_TRUE(set.ok()) << set.error().ToString();
  const auto plain = FeatureSet::Make({"ema(close, 50) * 2", "ema(close, 20)", "close / ema(close, 20) - 1"}, {});
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(set->definition_hash(i), plain->definition_hash(i)) << i;
  EXPECT_TRUE(features.CheckFormulas({*features.Find("trend"), *features.Find("average")}).ok());
}

TEST_F(RegisteredFeaturesTest, AVersionNeverChangesButItsWordsMay) {
  Register(kBoth);
  EXPECT_THAT(Refusal("  - {name: average, expression: 'ema(close, 21)'}\n"),
              HasSubstr("average version 1 is defined otherwise in the store; its version must be raised"));
  EXPECT_THAT(Refusal("  - {name: average, expression: 'ema(close, 20)', fill: zero}\n"), HasSubstr("raised"));
  Register("  - {name: average, expression: 'ema(close, 20)', deprecated: true, description: old}\n");
  EXPECT_TRUE((*Load().Find("average"))->definition.deprecated);
  EXPECT_EQ((*Load().Find("average"))->definition.description, "old");
  Register("  - {name: average, version: 3, expression: 'ema(close, 30)'}\n");
  EXPECT_THAT(Refusal("  - {name: average, version: 2, expression: 'ema(close, 25)'}\n"),
              HasSubstr("average is at version 3 already"));
  EXPECT_EQ(Load().all().size(), 3u);
}

TEST_F(RegisteredFeaturesTest, WhatIsWrongIsToldWithItsPlace) {
  Register(kBoth);
  const std::pair<const char*, const char*> cases[] = {
      {"  - {name: Trend Line, expression: close}\n", "my.yaml:2: features[0].name: must be 1 to 64 of a-z, 0-9 and _"},
      {"  - {name: a, expression: b + 1}\n  - {name: b, expression: a}\n", "is made of itself: a -> b -> a"},
      {"  - {name: a, expression: clsoe}\n", "did you mean 'close'?"},
      {"  - {name: a, expression: close, fill: backward}\n", "no live row can know"},
      {"  - {name: a, expression: close, window: 5}\n", "of what? aggregation must be"},
      {"  - {name: a, expression: close, aggregation: mean}\n", "is required"},
      {"  - {name: a, expression: close, aggregation: mean, window: 0}\n", "within [1, 100000]"},
      {"  - {name: a, expression: close, aggregation: median, window: 5}\n",
       "must be last, mean, sum, min, max or std"},
      {"  - {name: a, expression: close, tags: [\"b\\nc\"]}\n", "a tag is a line"},
      {"  - {name: a, expression: close, dependencies: [open]}\n", "leave out close, which the expression uses"},
      {"  - {name: a, expression: close, dependencies: [close, open]}\n", "name open, which the expression does not"},
      {"  - {name: a, kind: binary, expression: close}\n", "condition"},
      {"  - {name: a, kind: embedding, dependencies: [trend, close]}\n", "there is no definition close"},
      {"  - {name: a, kind: embedding, expression: close, dependencies: [trend]}\n", "has no values of its own"},
      {"  - {name: a, kind: embedding, dependencies: [trend]}\n  - {name: b, expression: a + 1}\n",
       "a is an embedding, not a number"},
  };
  for (const auto& [entries, said] : cases) EXPECT_THAT(Refusal(entries), HasSubstr(said)) << entries;
  EXPECT_EQ(Load().Find("trnd").error().code, ErrorCode::kNotFound);
  EXPECT_THAT(Load().Find("trnd").error().message, HasSubstr("did you mean trend?"));
}

TEST_F(RegisteredFeaturesTest, WindowsScalesAndFillsAreTheLanguagesOwn) {
  Register(
      "  - {name: a, expression: close / open, aggregation: mean, window: 5, normalise: zscore, normalise_window: 20}\n"
      "  - {name: b, expression: log(close - open), aggregation: max, window: 3, fill: zero}\n"
      "  - {name: c, expression: close, normalise: min_max, normalise_window: 10}\n"
      "  - {name: d, kind: binary, expression: close > open, fill: forward}\n"
      "  - {name: e, expression: close, aggregation: last, window: 9}\n");
  const RegisteredFeatures features = Load();
  auto set = FeatureSet::Make({"a", "b", "c", "d", "e"}, {}, features.definitions());
  ASSERT_TRUE(set.ok()) << set.error().ToString();
  const auto plain =
      FeatureSet::Make({"zscore(rolling_mean(close / open, 5), 20)", "coalesce(rolling_max(log(close - open), 3), 0)",
                        "(close - rolling_min(close, 10)) / (rolling_max(close, 10) - rolling_min(close, 10))",
                        "fill_forward(if(close > open, 1, 0))", "close"},
                       {});
  ASSERT_TRUE(plain.ok()) << plain.error().ToString();
  for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(set->definition_hash(i), plain->definition_hash(i)) << i;
}

TEST_F(RegisteredFeaturesTest, AnEmbeddingIsItsComponentsInTheirOrder) {
  Register(kBoth);
  Register("  - {name: state, kind: embedding, dependencies: [trend, average]}\n");
  const RegisteredFeatures features = Load();
  const auto scalars = features.Scalars({"average", "state"});
  ASSERT_TRUE(scalars.ok());
  ASSERT_EQ(scalars->size(), 2u);
  EXPECT_EQ((*scalars)[0]->key(), "average@1");
  EXPECT_EQ((*scalars)[1]->key(), "trend@1");
  Register("  - {name: state, version: 2, kind: embedding, dependencies: [average, trend]}\n");
  EXPECT_NE((*Load().Find("state@1"))->hash, (*Load().Find("state@2"))->hash);
}

TEST_F(RegisteredFeaturesTest, ADamagedRowIsTold) {
  Register(kBoth);
  ASSERT_TRUE(database_->Execute("UPDATE feature_definitions SET expression = 'ema(' WHERE name = 'trend'").ok());
  EXPECT_EQ(RegisteredFeatures::Load(*database_).error().code, ErrorCode::kCorrupt);
  ASSERT_TRUE(database_->Execute("UPDATE feature_definitions SET expression = 'close' WHERE name = 'trend'").ok());
  const RegisteredFeatures features = Load();
  EXPECT_EQ(features.CheckFormulas({*features.Find("trend")}).error().code, ErrorCode::kConflict)
      << "another formula than the one registered";
}

}  // namespace
}  // namespace hone
