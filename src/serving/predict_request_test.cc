#include "serving/predict_request.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "base/random.h"

namespace hone {
namespace {

std::string ErrorOf(std::string_view body) {
  PredictRequestReader reader;
  const auto read = reader.Read(body);
  return read.ok() ? "" : read.error().ToString();
}

TEST(PredictRequestReader, ReadsFeaturesByName) {
  PredictRequestReader reader;
  const auto read = reader.Read(R"({"features":{"rsi_14":31.5,"m\u0061cd":null,"n":-2},"model":"vol"})");
  ASSERT_TRUE(read.ok()) << read.error().ToString();
  const PredictRequest& request = **read;
  EXPECT_EQ(request.model, "vol");
  EXPECT_TRUE(request.by_name);
  ASSERT_EQ(request.named.size(), 3U);
  EXPECT_EQ(request.named[0].name, "rsi_14");
  EXPECT_EQ(request.named[0].value, 31.5);
  EXPECT_EQ(request.named[1].name, "macd");
  EXPECT_TRUE(std::isnan(request.named[1].value));
  EXPECT_EQ(request.named[2].value, -2);
}

TEST(PredictRequestReader, ReadsFeaturesByPositionAndForgetsTheLastRequest) {
  PredictRequestReader reader;
  ASSERT_TRUE(reader.Read(R"({"model":"vol","features":{"a":1}})").ok());
  const auto read = reader.Read(R"({"features":[1,null,18446744073709551615,1e-400]})");
  ASSERT_TRUE(read.ok()) << read.error().ToString();
  const PredictRequest& request = **read;
  EXPECT_EQ(request.model, "");
  EXPECT_FALSE(request.by_name);
  EXPECT_TRUE(request.named.empty());
  ASSERT_EQ(request.values.size(), 4U);
  EXPECT_EQ(request.values[2], 18446744073709551615.0);
  EXPECT_EQ(request.values[3], 0);
}

TEST(PredictRequestReader, ReadsTheSameDoublesAsTheStandardLibrary) {
  Random random(17);
  PredictRequestReader reader;
  for (int i = 0; i < 5'000; ++i) {
    const std::string text = std::to_string(random.Normal()) + std::to_string(random.Below(1'000'000)) + "e" +
                             std::to_string(static_cast<int>(random.Below(500)) - 250);
    const auto read = reader.Read("{\"features\":[" + text + "]}");
    ASSERT_TRUE(read.ok()) << text;
    EXPECT_EQ((*read)->values[0], std::strtod(text.c_str(), nullptr)) << text;
  }
}

TEST(PredictRequestReader, NamesWhatIsWrong) {
  EXPECT_NE(ErrorOf("").find("/predict/single:1: column"), std::string::npos) << ErrorOf("");
  EXPECT_NE(ErrorOf("{\"model\":\n1,}").find("/predict/single:2: column"), std::string::npos);
  EXPECT_EQ(ErrorOf("[]"), "/predict/single: the body must be a map with model and features");
  EXPECT_EQ(ErrorOf("{}"), "/predict/single: features: is required");
  EXPECT_EQ(ErrorOf(R"({"features":1})"),
            "/predict/single: features: must be a map of names to numbers or a list of numbers");
  EXPECT_EQ(ErrorOf(R"({"features":{"a":"1"}})"), "/predict/single: features.a: must be a number or null");
  EXPECT_EQ(ErrorOf(R"({"features":[1,true]})"), "/predict/single: features[1]: must be a number or null");
  EXPECT_EQ(ErrorOf(R"({"features":[[1]]})"), "/predict/single: features[0]: must be a number or null");
  EXPECT_EQ(ErrorOf(R"({"model":3,"features":[]})"), "/predict/single: model: must be the name of a model");
  EXPECT_EQ(ErrorOf(R"({"features":[],"features":[]})"), "/predict/single: features: stands twice");
  EXPECT_EQ(ErrorOf(R"({"features":[],"feature":[]})"),
            "/predict/single: feature: unknown key; there are model, features and key");
}

TEST(PredictRequestReader, RefusesWhatIsNotJson) {
  for (const char* body :
       {"{\"features\":[1,]}", "{\"features\":[NaN]}", "{\"features\":[1e999]}", "{\"features\":[01]}",
        "{\"features\":[1]} x", "{\"features\":[1]", "{\"features\":[\"\xff\"]}", "\xef\xbb\xbf", "\0"}) {
    EXPECT_NE(ErrorOf(body), "") << body;
  }
  EXPECT_NE(ErrorOf(std::string(500'000, '[')), "");
}

TEST(PredictRequestReader, BoundsBytesAndFeatures) {
  const auto list = [](std::size_t count) {
    std::string body = "{\"features\":[0";
    for (std::size_t i = 1; i < count; ++i) body += ",0";
    return body + "]}";
  };
  EXPECT_EQ(ErrorOf(list(PredictRequestReader::kMaxFeatures)), "");
  EXPECT_EQ(ErrorOf(list(PredictRequestReader::kMaxFeatures + 1)), "/predict/single: features: may be at most 4096");
  EXPECT_NE(ErrorOf(std::string((1 << 20) + 1, ' ')).find("at most 1048576 bytes"), std::string::npos);
}

TEST(PredictRequestReader, SurvivesMutilatedBodies) {
  const std::string whole = R"({"model":"volatility","features":{"rsi_14":31.5,"macd":null,"bb":[1,{"x":"y"}]}})";
  Random random(23);
  PredictRequestReader reader;
  for (int round = 0; round < 20'000; ++round) {
    std::string body = whole.substr(0, random.Below(whole.size() + 1));
    for (std::uint64_t i = random.Below(4); i > 0 && !body.empty(); --i) {
      body[random.Below(body.size())] = static_cast<char>(random.Below(256));
    }
    const auto read = reader.Read(body);
    if (!read.ok()) {
      EXPECT_FALSE(read.error().message.empty());
    }
  }
  EXPECT_TRUE(reader.Read(R"({"features":[1]})").ok());
}

TEST(PredictRequestKey, IsATextOfVisibleCharacters) {
  PredictRequestReader reader;
  const auto request = reader.Read(R"({"features":[1],"key":"account-7"})");
  ASSERT_TRUE(request.ok());
  EXPECT_EQ((*request)->key, "account-7");
  EXPECT_EQ((*reader.Read(R"({"features":[1]})"))->key, "");
  for (const std::string& key : {std::string("7"), std::string(R"("")"), std::string(R"("a b")"),
                                 '"' + std::string(65, 'k') + '"', std::string("null")}) {
    const auto refused = reader.Read(R"({"features":[1],"key":)" + key + "}");
    ASSERT_FALSE(refused.ok()) << key;
    EXPECT_EQ(refused.error().key, "key");
  }
}

}  // namespace
}  // namespace hone
