// What the names of registered features mean in a model's YAML.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "engine/testing/feature_folder.h"
#include "features/feature_set.h"

namespace hone {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class ModelFeatureNames : public FeatureFolder {};

TEST_F(ModelFeatureNames, NamesBecomeVersionsAndAreReadBackWithoutAStore) {
  const auto model = Read(kModelOfRegistered);
  ASSERT_TRUE(model.ok()) << model.error().ToString();
  EXPECT_THAT(model->features, ElementsAre("trend@1", "usual_rise@1", "calm_trend * 100", "rsi_14"));
  EXPECT_THAT(model->recipes[0].features, ElementsAre("trend@1", "usual_rise@1", "calm_trend * 100"));
  EXPECT_EQ(model->persistence, "trend@1");
  const std::string written = WriteModelDefinition(*model);
  const auto again = ReadModelDefinition(written, "written");
  ASSERT_TRUE(again.ok()) << again.error().ToString() << written;
  EXPECT_EQ(again->pinned.all(), model->pinned.all());
  EXPECT_EQ(WriteModelDefinition(*again), written);
  ASSERT_EQ(again->pinned.all().size(), 3U);
  EXPECT_EQ(again->pinned.Find("trend@1")->expression, "close / ema(close, 20) - 1");
}

TEST_F(ModelFeatureNames, AnEmbeddingIsItsComponents) {
  const auto model = Read(
      "name: named\npersistence: rsi_14\nfeatures: [state, rsi_14]\nrecipes:\n"
      "  - {name: a, learner: ridge, features: [state], select: {always: [state]}}\n");
  ASSERT_TRUE(model.ok()) << model.error().ToString();
  EXPECT_THAT(model->features, ElementsAre("trend@1", "up@1", "rsi_14"));
  EXPECT_THAT(model->recipes[0].features, ElementsAre("trend@1", "up@1"));
  EXPECT_THAT(model->recipes[0].selection->always, ElementsAre("trend@1", "up@1"));
}

TEST_F(ModelFeatureNames, WhatANameCannotMeanIsRefusedWithItsLine) {
  Register("  - {name: old, expression: close, deprecated: true}\n");
  Register("  - {name: old, version: 2, expression: 'close + 1', deprecated: true}\n");
  const std::map<std::string, std::string> refusals = {
      {"trned",
       "my.yaml:3: features: trned: is no feature of the catalogue, and none of this name is registered, "
       "did you mean trend?"},
      {"trend@7", "no such version is registered, did you mean trend@1?"},
      {"old", "every version of it is deprecated; to use one all the same, name it: old@2"},
      {"'state * 2'", "state is an embedding"},
      {"trend, 'trend@1'", "listed twice"},
      {"'trned * 2'", "'trned' is no column and no feature"},
      {"ema", "'ema' is a function"}};
  for (const auto& [list, said] : refusals) EXPECT_THAT(Refusal(WithFeatures(list)), HasSubstr(said)) << list;
  EXPECT_EQ(Refusal(WithFeatures("old@1")), "");
  EXPECT_THAT(Refusal("name: a\npersistence: state\nfeatures: [state]\nrecipes:\n"
                      "  - {name: r, learner: ridge, features: [trend@1]}\n"),
              HasSubstr("my.yaml:2: persistence: state is an embedding of 2 features; name one of them: trend@1"));
  const auto without_store = ReadModelDefinition(WithFeatures("trend"), "my.yaml");
  EXPECT_THAT(without_store.error().ToString(), HasSubstr("my.yaml:3: features: trend"));
}

TEST_F(ModelFeatureNames, AFormulaThatIsTooLongWrittenOutIsRefused) {
  std::string chain = "  - {name: s0, expression: 'close - open'}\n";
  for (int i = 1; i <= 6; ++i) {
    chain += "  - {name: s" + std::to_string(i) + ", expression: s" + std::to_string(i - 1) +
             ", normalise: min_max, normalise_window: 5}\n";
  }
  Register(chain);
  EXPECT_EQ(Refusal(WithFeatures("s2")), "");
  EXPECT_THAT(Refusal(WithFeatures("s6")), HasSubstr("s6@1: written out, with all it is made of, it has "));
}

// A release may take a name that was free when it was registered.
TEST_F(ModelFeatureNames, ANameOfTheCatalogueMeansNothingElse) {
  Execute("UPDATE feature_definitions SET name = 'macd' WHERE name = 'span'");
  EXPECT_THAT(Refusal(WithFeatures("macd")), HasSubstr("write macd@1 for that one"));
  EXPECT_THAT(Refusal(WithFeatures("'macd * 2'")), HasSubstr("write macd@1 for that one"));
  const auto model = Read(WithFeatures("macd@1"));
  ASSERT_TRUE(model.ok()) << model.error().ToString();
  const auto set = FeatureSet::Make({"macd@1", "macd"}, {}, model->pinned.definitions());
  EXPECT_NE(set->definition_hash(0), set->definition_hash(1));
  Execute("UPDATE feature_definitions SET deprecated = 1 WHERE name = 'macd'");
  EXPECT_THAT(Read(WithFeatures("macd"))->pinned.all(), IsEmpty());
  EXPECT_THAT(Refusal(WithFeatures("macd@1, macd")), HasSubstr("macd@1: goes with hone's own macd in no model"));
  std::string kept = WriteModelDefinition(*model);
  EXPECT_TRUE(ReadModelDefinition(kept, "kept").ok());
  kept.insert(kept.find("'macd@1', "), "'macd * 2', ");
  EXPECT_FALSE(ReadModelDefinition(kept, "kept").ok()) << "a release may not change what the expression was";
}

TEST_F(ModelFeatureNames, WordsTellOfDeprecatedAndNewerVersions) {
  const ModelDefinition model = Read(kModelOfRegistered).value();
  const auto words = [&] {
    const auto store = LiveStore::Open(folder_.path());
    return WordsAbout(model.pinned, *RegisteredFeatures::Load(*(*store)->database));
  };
  EXPECT_THAT(words(), IsEmpty());
  Register("  - {name: trend, expression: 'close / ema(close, 20) - 1', deprecated: true}\n");
  EXPECT_THAT(words(), ElementsAre("trend@1 is deprecated"));
  Register("  - {name: trend, version: 2, expression: 'close / ema(close, 50) - 1'}\n");
  EXPECT_THAT(words(), ElementsAre("trend@1 is deprecated", "trend@1 has a newer version, 2"));
}

// The text that a model keeps is checked against the hash it keeps.
TEST_F(ModelFeatureNames, AKeptFormulaThatWasChangedIsRefused) {
  std::string written = WriteModelDefinition(Read(kModelOfRegistered).value());
  written.replace(written.find("ema(close, 20)"), 14, "ema(close, 21)");
  const auto read = ReadModelDefinition(written, "kept");
  ASSERT_FALSE(read.ok());
  EXPECT_THAT(read.error().ToString(), HasSubstr("registered[0].name: trend@1: is not what it was when it was kept"));
}

}  // namespace
}  // namespace hone
