#include "base/yaml.h"

#include <gtest/gtest.h>

#include "base/edit_distance.h"
#include "base/random.h"

namespace hone {
namespace {

YamlDocument Parsed(std::string_view text) {
  auto document = YamlDocument::Parse(text, "policy.yaml");
  EXPECT_TRUE(document.ok()) << document.error().ToString();
  return *document;
}

std::string ParseError(std::string_view text) {
  const auto document = YamlDocument::Parse(text, "policy.yaml");
  return document.ok() ? "" : document.error().ToString();
}

TEST(Yaml, ReadsValuesAndKeepsDefaults) {
  const auto document = Parsed(
      "version: 1\nrollout:\n  alpha: 0.05   # comment\n  steps: [10, 50, 100]\n  on: true\n  name: \"a: b\"\n"
      "  seed: 18446744073709551615\n  weights: {a: 1, b: -2.5e-3}\n");
  int version = 0;
  int kept = 42;
  double alpha = 0;
  bool on = false;
  std::uint64_t seed = 0;
  std::string name;
  std::vector<int> steps;
  std::map<std::string, double> weights;
  YamlMap root = document.root();
  root.Read("version", version);
  root.Read("absent", kept);
  YamlMap rollout = root.Map("rollout");
  rollout.Read("alpha", alpha, {.above = 0, .at_most = 0.5});
  rollout.Read("steps", steps, {.at_least = 1, .at_most = 100});
  rollout.Read("on", on);
  rollout.Read("name", name);
  rollout.Read("seed", seed);
  rollout.Read("weights", weights);
  EXPECT_TRUE(document.Finish().ok());
  EXPECT_EQ(version, 1);
  EXPECT_EQ(kept, 42);
  EXPECT_EQ(alpha, 0.05);
  EXPECT_TRUE(on);
  EXPECT_EQ(seed, 18446744073709551615ULL);
  EXPECT_EQ(name, "a: b");
  EXPECT_EQ(steps, (std::vector<int>{10, 50, 100}));
  EXPECT_EQ(weights, (std::map<std::string, double>{{"a", 1}, {"b", -2.5e-3}}));
}

TEST(Yaml, NamesLineKeyAndRange) {
  const auto document = Parsed("version: 1\nrollout:\n  alpha: 7\n");
  double alpha = 0.05;
  int version = 0;
  document.root().Read("version", version);
  document.root().Map("rollout").Read("alpha", alpha, {.above = 0, .at_most = 0.5});
  EXPECT_EQ(document.Finish().error().ToString(), "policy.yaml:3: rollout.alpha: must be within (0, 0.5], is 7");
  EXPECT_EQ(alpha, 0.05);
}

TEST(Yaml, AnUnknownKeyIsAnErrorWithASuggestion) {
  const auto document = Parsed("rollout:\n  alpha: 0.1\n  horzion: 5\nretrain: {}\n");
  YamlMap root = document.root();
  YamlMap rollout = root.Map("rollout");
  double alpha = 0;
  int horizon = 0;
  rollout.Read("alpha", alpha);
  rollout.Read("horizon", horizon);
  EXPECT_EQ(document.Finish().error().ToString(), "policy.yaml:3: rollout.horzion: unknown key, did you mean horizon?");
  rollout.Read("horzion", horizon);
  EXPECT_EQ(document.Finish().error().ToString(), "policy.yaml:4: retrain: unknown key");
}

TEST(Yaml, AMisspeltKeyExplainsTheMissingOne) {
  const auto document = Parsed("trget: volatility\n");
  document.root().Require("target");
  EXPECT_EQ(document.Finish().error().ToString(), "policy.yaml:1: trget: unknown key, did you mean target?");
  const auto empty = Parsed("");
  empty.root().Require("target");
  EXPECT_EQ(empty.Finish().error().key, "target");
  EXPECT_EQ(empty.Finish().error().message, "is required");
}

TEST(Yaml, ChecksTypes) {
  const auto message = [](std::string_view text, auto value) {
    const auto document = Parsed(text);
    document.root().Read("a", value);
    const Status status = document.Finish();
    return status.ok() ? "" : status.error().message;
  };
  EXPECT_EQ(message("a: x", 0.0), "must be a number, is x");
  EXPECT_EQ(message("a: .inf", 0.0), "must be a number, is .inf");
  EXPECT_EQ(message("a: nan", 0.0), "must be a number, is nan");
  EXPECT_EQ(message("a: 1e999", 0.0), "must be a number, is 1e999");
  EXPECT_EQ(message("a: \"1\"", 0.0), "must be a number, is \"1\"");
  EXPECT_EQ(message("a:", 0.0), "must be a number, is empty");
  EXPECT_EQ(message("a: [1]", 0.0), "must be a number, is a list");
  EXPECT_EQ(message("a: 1.5", 0), "must be a whole number, is 1.5");
  EXPECT_EQ(message("a: 3000000000", 0), "must be a whole number, is 3000000000");
  EXPECT_EQ(message("a: 3000000000", std::int64_t{0}), "");
  EXPECT_EQ(message("a: -1", std::uint64_t{0}), "must be a whole number, is -1");
  EXPECT_EQ(message("a: yes", false), "must be true or false, is yes");
  EXPECT_EQ(message("a: {b: 1}", std::string()), "must be a text, is a map");
  EXPECT_EQ(message("a: 1", std::vector<int>()), "must be a list, is 1");
  EXPECT_EQ(message("a: [1, x]", std::vector<int>()), "item 2 must be a whole number, is x");
}

TEST(Yaml, ReadsChoicesAndListsOfMaps) {
  const auto document = Parsed("kind: regresion\nrecipes:\n  - name: a\n  - name: b\n    rows: -1\n  - 3\n");
  YamlMap root = document.root();
  std::string kind;
  root.ReadChoice("kind", kind, {"regression", "binary"});
  EXPECT_EQ(document.Finish().error().ToString(),
            "policy.yaml:1: kind: must be regression or binary, is regresion, did you mean regression?");
  auto recipes = root.Maps("recipes");
  ASSERT_EQ(recipes.size(), 2U);
  const auto second = Parsed("recipes:\n  - name: a\n  - name: b\n    rows: -1\n");
  recipes = second.root().Maps("recipes");
  std::string name;
  int rows = 0;
  for (auto& recipe : recipes) {
    recipe.Read("name", name);
    recipe.Read("rows", rows, {.at_least = 0});
  }
  EXPECT_EQ(second.Finish().error().ToString(), "policy.yaml:4: recipes[1].rows: must be at least 0, is -1");
}

TEST(Yaml, RefusesWhatIsNotStrict) {
  EXPECT_EQ(ParseError("a: 1\nb: 2\na: 3\n"), "policy.yaml:3: the key a is given twice, keep one");
  EXPECT_EQ(ParseError("x:\n  a: {b: 1, b: 2}\n"), "policy.yaml:2: the key b is given twice, keep one");
  EXPECT_NE(ParseError("a: &x 1\nb: *x\n").find("policy.yaml:1: anchors"), std::string::npos);
  EXPECT_NE(ParseError("b: *x\n"), "");
  EXPECT_NE(ParseError("a: !!python/object x\n").find("tags"), std::string::npos);
  EXPECT_NE(ParseError("? [1, 2]\n: 3\n").find("a key must be a plain text"), std::string::npos);
  EXPECT_NE(ParseError("a: 1\n---\nb: 2\n").find("policy.yaml:2: must be one document"), std::string::npos);
  EXPECT_NE(ParseError("a: [1, 2\n"), "");
  EXPECT_NE(ParseError("a: \"open\n"), "");
  EXPECT_NE(ParseError("- a\n- b\n"), "");
  EXPECT_NE(ParseError("word"), "");
  EXPECT_EQ(ParseError("# only a comment\n"), "");
}

TEST(Yaml, BoundsSizeDepthAndCount) {
  EXPECT_NE(ParseError(std::string((1 << 20) + 1, ' ')).find("at most 1048576 bytes"), std::string::npos);
  EXPECT_NE(ParseError("a: " + std::string(40, '[') + std::string(40, ']')).find("nested at most 32"),
            std::string::npos);
  EXPECT_NE(ParseError("a: " + std::string(500'000, '[')), "");
  std::string many = "a: [";
  for (int i = 0; i < 200'000; ++i) many += "1, ";
  EXPECT_NE(ParseError(many + "1]").find("at most 100000 values"), std::string::npos);
  std::string laughs = "a: &a [x, x]\n";
  for (char c = 'b'; c < 'j'; ++c) {
    const char previous = static_cast<char>(c - 1);
    laughs += std::string{c} + ": &" + c + " [*" + previous + ", *" + previous + "]\n";
  }
  EXPECT_NE(ParseError(laughs), "");
}

TEST(Yaml, RandomBytesNeverCrash) {
  Random random(9);
  static constexpr std::string_view kAlphabet = "ab01:-[]{},&*!|>'\"%@`#?\n\n  \t.~\\\x01\xff";
  int refused = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string text;
    const auto size = random.Below(40);
    for (std::uint64_t j = 0; j < size; ++j) text += kAlphabet[random.Below(kAlphabet.size())];
    refused += YamlDocument::Parse(text, "x").ok() ? 0 : 1;
  }
  EXPECT_GT(refused, 10'000);
}

TEST(Yaml, AMissingFileIsNamed) {
  const auto document = YamlDocument::Load("/nonexistent/policy.yaml");
  EXPECT_EQ(document.error().code, ErrorCode::kNotFound);
  EXPECT_EQ(document.error().source, "/nonexistent/policy.yaml");
}

TEST(EditDistance, CountsEditsAndSwaps) {
  EXPECT_EQ(EditDistance("", "abc"), 3U);
  EXPECT_EQ(EditDistance("kitten", "sitting"), 3U);
  EXPECT_EQ(EditDistance("alhpa", "alpha"), 1U);
  EXPECT_EQ(NearestWord("alhpa", {"beta", "alpha", "alphas"}), "alpha");
  EXPECT_EQ(NearestWord("zzz", {"beta", "alpha"}), "");
  EXPECT_EQ(NearestWord(std::string(10'000, 'x'), {"alpha"}), "");
}

}  // namespace
}  // namespace hone
