#include "models/ensemble/ensemble_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "models/model_file.h"

namespace hone {
namespace {

using testing::HasSubstr;

TEST(EnsembleFile, IsReadFromYamlAndJson) {
  for (const char* text :
       {"# two\nensemble: majority\nmembers:\n  - model: a@1.2.0\n  - model: b\nthreshold: 0.25\n",
        R"( {"ensemble": "majority", "members": [{"model": "a@1.2.0"}, {"model": "b"}], "threshold": 0.25})"}) {
    EXPECT_EQ(DetectModelFormat(text, "e").value(), "ensemble");
    const auto file = ReadEnsembleFile(text, "e.yaml");
    ASSERT_TRUE(file.ok()) << file.error().ToString();
    EXPECT_EQ(file->rule, EnsembleRule::kMajority);
    EXPECT_EQ(file->threshold, 0.25);
    ASSERT_EQ(file->members.size(), 2U);
    EXPECT_EQ(file->members[0].model, "a");
    EXPECT_EQ(file->members[0].version, "1.2.0");
    EXPECT_EQ(file->members[1].model, "b");
    EXPECT_EQ(file->members[1].version, "");
  }
}

TEST(EnsembleFile, TwoWeigh60And40MoreTheSame) {
  const auto two = ReadEnsembleFile("ensemble: weighted\nmembers: [{model: a}, {model: b}]", "e");
  EXPECT_EQ(two->members[0].weight, 0.6);
  EXPECT_EQ(two->members[1].weight, 0.4);
  EXPECT_EQ(two->threshold, std::nullopt);
  const auto three = ReadEnsembleFile("ensemble: weighted\nmembers: [{model: a}, {model: b}, {model: c}]", "e");
  EXPECT_EQ(three->members[0].weight, three->members[2].weight);
  const auto stated =
      ReadEnsembleFile("ensemble: weighted\nmembers: [{model: a, weight: 2}, {model: b, weight: 5}]", "e");
  EXPECT_EQ(stated->members[1].weight, 5);
}

TEST(EnsembleFile, WhatIsWrongIsNamed) {
  const auto refused = [](const char* text, const char* names) {
    const auto file = ReadEnsembleFile(text, "e.yaml");
    ASSERT_FALSE(file.ok()) << text;
    EXPECT_EQ(file.error().code, ErrorCode::kInvalidData);
    EXPECT_THAT(file.error().ToString(), HasSubstr(names)) << text;
  };
  refused("ensemble: mean\nmembers: [{model: a}, {model: b}]", "e.yaml:1: ensemble: must be");
  refused("ensemble: weighted\n", "members: is required");
  refused("ensemble: weighted\nmembers: [{model: a}]", "e.yaml:2: members: must be a list of 2 to 16, has 1");
  refused("ensemble: weighted\nmembers: [{model: a}, {modle: b}]", "members[1].modle");
  refused("ensemble: weighted\nmembers: [{model: a}, {model: '@1.0.0'}]", "NAME@VERSION");
  refused("ensemble: weighted\nmembers: [{model: a}, {model: 'b@'}]", "NAME@VERSION");
  refused("ensemble: weighted\nmembers:\n  - {model: a, weight: 1}\n  - {model: b}", "members[1].weight: is required");
  refused("ensemble: weighted\nmembers: [{model: a, weight: 0}, {model: b, weight: 1}]", "members[0].weight");
  refused("ensemble: majority\nmembers: [{model: a, weight: 1}, {model: b}]", "one vote");
  refused("ensemble: majority\nmembers: [{model: a}, {model: b}]\nthreshold: high", "threshold: must be a number");
  refused("ensemble: majority\nmembers: [{model: a}, {model: b}]\nvote: sign", "vote: unknown key");
  refused(std::string(70'000, '#').c_str(), "65536 bytes");
}

TEST(EnsembleFile, OnlyWhatNamesItselfIsOne) {
  EXPECT_TRUE(IsEnsemble("\n{\n\"ensemble\":1}"));
  EXPECT_FALSE(IsEnsemble(R"({"learner":{"ensemble":1}})"));
  EXPECT_FALSE(IsEnsemble("tree\nversion=v4\n"));
  EXPECT_FALSE(IsEnsemble(""));
  EXPECT_FALSE(IsEnsemble(std::string_view("a\0\nensemble: weighted", 20)));
  const auto alone = ReadModelFile("ensemble: weighted", "e.yaml");
  ASSERT_FALSE(alone.ok());
  EXPECT_THAT(alone.error().ToString(), HasSubstr("hone models register"));
}

}  // namespace
}  // namespace hone
