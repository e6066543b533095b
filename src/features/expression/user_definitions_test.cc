#include "features/expression/user_definitions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "features/feature_set.h"
#include "market/synthetic.h"

namespace hone {
namespace {

using testing::HasSubstr;

constexpr char kTrend[] =
    "features:\n"
    "  - name: trend\n"
    "    version: 2\n"
    "    description: distance from the 20-bar average\n"
    "    expression: close / average - 1\n"
    "    tags: [level]\n"
    "  - name: average\n"
    "    expression: ema(close, 20)\n";

std::string ErrorOf(const std::string& yaml) {
  UserDefinitions definitions;
  const Status status = definitions.Read(yaml, "my.yaml");
  return status.ok() ? "" : status.error().ToString();
}

std::string One(const std::string& entry) { return "features:\n  - {" + entry + "}\n"; }

TEST(UserDefinitions, MayBeUsedInAnyOrder) {
  UserDefinitions definitions;
  ASSERT_TRUE(definitions.Read(kTrend, "my.yaml").ok());
  ASSERT_EQ(definitions.definitions().size(), 2U);
  EXPECT_EQ(definitions.definitions()[0].name, "average");
  EXPECT_EQ(definitions.definitions()[1].version, 2);
  EXPECT_EQ(definitions.definitions()[1].where, "my.yaml:2");
  const auto named = FeatureSet::Make({"trend * 100"}, {}, definitions);
  const auto plain = FeatureSet::Make({"(close / ema(close, 20) - 1) * 100"}, {});
  ASSERT_TRUE(named.ok()) << named.error().ToString();
  EXPECT_EQ(named->definition_hash(0), plain->definition_hash(0)) << "a name stands for its expression";
}

TEST(UserDefinitions, FillWhatIsMissing) {
  UserDefinitions definitions;
  const Status read = definitions.Read(
      "features:\n"
      "  - {name: zero, expression: log(close - open), fill: zero}\n"
      "  - {name: ahead, expression: log(close - open), fill: forward}\n"
      "  - {name: average, expression: log(close - open), fill: mean}\n",
      "my.yaml");
  ASSERT_TRUE(read.ok()) << read.error().ToString();
  auto set = FeatureSet::Make({"zero", "ahead", "average", "log(close - open)"}, {}, definitions);
  ASSERT_TRUE(set.ok()) << set.error().ToString();
  std::vector<double> row(4);
  set->Update({.open = 1, .high = 2, .low = 1, .close = 2}, row);
  set->Update({.open = 1, .high = 4, .low = 1, .close = 4}, row);
  set->Update({.open = 2, .high = 2, .low = 1, .close = 1}, row);
  EXPECT_EQ(row[0], 0);
  EXPECT_EQ(row[1], std::log(3.0));
  EXPECT_EQ(row[2], std::log(3.0) / 2);
  EXPECT_TRUE(std::isnan(row[3]));
}

TEST(UserDefinitions, TheSameAgainIsOne) {
  UserDefinitions definitions;
  ASSERT_TRUE(definitions.Read(kTrend, "my.yaml").ok());
  ASSERT_TRUE(definitions.Read(kTrend, "again.yaml").ok());
  EXPECT_EQ(definitions.definitions().size(), 2U);
  const Status changed = definitions.Read(One("name: trend, version: 2, expression: close / 2"), "other.yaml");
  ASSERT_FALSE(changed.ok());
  EXPECT_EQ(changed.error().ToString(),
            "other.yaml:2: features[0].name: trend version 2 is defined otherwise in my.yaml:2; its version must be "
            "raised with each change");
  const Status newer = definitions.Read(One("name: trend, version: 3, expression: close / 2"), "other.yaml");
  ASSERT_FALSE(newer.ok());
  EXPECT_THAT(newer.error().ToString(), HasSubstr("one version at a time"));
}

TEST(UserDefinitions, RefusalsNameFileAndLine) {
  struct Case {
    std::string yaml, part;
  };
  for (const Case& refused : std::vector<Case>{
           {"", "features"},
           {One("expression: close"), "name"},
           {One("name: a"), "expression"},
           {One("name: Trend!, expression: close"), "must be 1 to 64 of a-z"},
           {One("name: 1st, expression: close"), "must be 1 to 64 of a-z"},
           {One("name: close, expression: open"), "is a word of the language"},
           {One("name: rsi_14, expression: open"), "is a word of the language"},
           {One("name: ema, expression: open"), "is a word of the language"},
           {One("name: and, expression: open"), "is a word of the language"},
           {One("name: a, expression: clsoe"), "did you mean 'close'?"},
           {One("name: a, expression: 'emma(close, 3)'"), "expression:1:1: 'emma' is no function"},
           {One("name: a, expression: b"), "'b' is no column and no feature"},
           {One("name: a, expression: a + 1"), "is made of itself: a -> a"},
           {One("name: a, version: 0, expression: close"), "version"},
           {One("name: a, expression: close, fill: backward"), "no live row can know"},
           {One("name: a, expression: close, fill: zeros"), "did you mean zero?"},
           {One("name: a, expression: close > 1, fill: zero"), "takes a number here"},
           {One("name: a, expresion: close"), "did you mean expression?"},
           {"features:\n  - {name: a, expression: b}\n  - {name: b, expression: c + 1}\n  - {name: c, expression: a}\n",
            "is made of itself: a -> b -> c -> a"},
           {"features:\n  - {name: a, expression: close}\n  - {name: a, expression: open}\n", "my.yaml:3"},
       }) {
    const std::string error = ErrorOf(refused.yaml);
    EXPECT_THAT(error, HasSubstr(refused.part)) << refused.yaml;
    EXPECT_THAT(error, HasSubstr("my.yaml")) << refused.yaml;
  }
}

// Each doubles the one before: written out 2^60 terms, but 60 nodes.
TEST(UserDefinitions, DoublingIsNoBomb) {
  std::string yaml = "features:\n  - {name: f0, expression: close}\n";
  for (int i = 1; i <= 60; ++i) {
    const std::string before = "f" + std::to_string(i - 1);
    yaml += "  - {name: f" + std::to_string(i) + ", expression: " + before + " * 0.5 + " + before + " * 0.5}\n";
  }
  UserDefinitions definitions;
  ASSERT_TRUE(definitions.Read(yaml, "my.yaml").ok());
  auto set = FeatureSet::Make({"f60"}, {}, definitions);
  ASSERT_TRUE(set.ok());
  std::vector<double> row(1);
  set->Update({.open = 3, .high = 3, .low = 3, .close = 3}, row);
  EXPECT_EQ(row[0], 3);
}

TEST(UserDefinitions, ALongChainIsRefused) {
  std::string yaml = "features:\n  - {name: f0, expression: close}\n";
  for (int i = 1; i <= 5000; ++i) {
    yaml += "  - {name: f" + std::to_string(i) + ", expression: f" + std::to_string(i - 1) + " + 1}\n";
  }
  EXPECT_THAT(ErrorOf(yaml), HasSubstr("is made of more than 2000 levels"));
}

}  // namespace
}  // namespace hone
