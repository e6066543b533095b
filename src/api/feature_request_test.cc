#include "api/feature_request.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "features/expression/user_definitions.h"

namespace hone {
namespace {

using testing::HasSubstr;

std::string Refusal(const std::string& body) {
  const auto yaml = ReadFeatureRegistration(body, "/api/v1/features");
  if (yaml.ok()) return "";
  EXPECT_EQ(yaml.error().code, ErrorCode::kInvalidArgument);
  return yaml.error().ToString();
}

TEST(FeatureRequest, IsTheDefinitionThatTheYamlWouldBe) {
  const auto yaml = ReadFeatureRegistration(
      R"({"features":[{"name":"trend","version":3,"description":"\"far\" \\ \u00e9: # 'x'","expression":"close > 1",)"
      R"("kind":"binary","aggregation":"max","window":5.0,"fill":"zero","tags":["a: b","- c"],"deprecated":true,)"
      R"("dependencies":["close"],"normalise":null}]})",
      "/api/v1/features");
  ASSERT_TRUE(yaml.ok()) << yaml.error().ToString();
  UserDefinitions definitions;
  const Status read = definitions.Read(*yaml, "body");
  ASSERT_TRUE(read.ok()) << read.error().ToString();
  const UserDefinition& trend = definitions.definitions()[0];
  EXPECT_EQ(trend.version, 3);
  EXPECT_EQ(trend.description, "\"far\" \\ \u00e9: # 'x'");
  EXPECT_EQ(trend.window, 5);
  EXPECT_EQ(trend.fill, "zero");
  EXPECT_EQ(trend.tags, (std::vector<std::string>{"a: b", "- c"}));
  EXPECT_TRUE(trend.deprecated);
}

TEST(FeatureRequest, TheShapeIsChecked) {
  const std::pair<const char*, const char*> cases[] = {
      {"", "unexpected end of input"},
      {"{}", "features: is required"},
      {R"({"features":[]})", "must be 1 to 1000"},
      {R"({"features":[1]})", "features[0]"},
      {R"({"features":[{"expression":"close"}]})", "features[0].name: is required"},
      {R"({"features":[{"name":"Trend"}]})", "must be 1 to 64 of a-z"},
      {R"({"features":[{"name":"a","version":0}]})", "version"},
      {R"({"features":[{"name":"a","window":2.5}]})", "must be a whole number"},
      {R"({"features":[{"name":"a","kind":"text"}]})", "one of numeric, categorical"},
      {R"({"features":[{"name":"a","description":"a\nb"}]})", "must be a line"},
      {R"({"features":[{"name":"a","tags":"b"}]})", "tags"},
      {R"({"features":[{"name":"a","expresion":"b"}]})", "did you mean expression?"},
  };
  for (const auto& [body, said] : cases) EXPECT_THAT(Refusal(body), HasSubstr(said)) << body;
}

TEST(FeatureRequest, NamesMayCarryAVersion) {
  for (const char* key : {"trend", "trend@1", "_a9@999999999"}) EXPECT_TRUE(CheckFeatureKey(key, "").ok()) << key;
  for (const char* key : {"", "@1", "trend@", "trend@0", "trend@01", "trend@-1", "trend@1x", "Trend", "a b"}) {
    EXPECT_FALSE(CheckFeatureKey(key, "").ok()) << key;
  }
}

}  // namespace
}  // namespace hone
