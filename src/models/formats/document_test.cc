// The same values from JSON and from UBJSON, and what is refused in either.
#include "models/formats/document.h"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "models/formats/json_document.h"
#include "models/formats/ubjson_document.h"

namespace hone {
namespace {

constexpr const char* kText = R"({
  "name": "a\"b\\ \u00e9\ud83d\ude00\n", "none": null, "yes": true, "count": -70000, "share": 0.1,
  "words": ["x", "", "yz"], "empty": [], "flags": [true, false],
  "numbers": [1, -2, 300, 70000, 5000000000], "reals": [0.1, -1.5, 16777217.0, 3e38],
  "nested": {"deep": [{"key": [1]}, {"key": [2, 3]}]}, "number as text": "12", "list as text": "[5E-1,2.5E-1]"
})";

class EveryForm : public testing::TestWithParam<int> {
 protected:
  EveryForm() : bytes_(Bytes(GetParam())), document_(Parse()) {}

  static std::string Bytes(int form) {
    if (form == 0) return kText;
    const auto json = nlohmann::json::parse(kText);
    const std::vector<std::uint8_t> bytes = nlohmann::json::to_ubjson(json, form > 1, form > 2);
    return {bytes.begin(), bytes.end()};
  }
  Result<Document> Parse() const {
    return GetParam() == 0 ? ParseJsonDocument(bytes_, "m") : ParseUbjsonDocument(bytes_, "m");
  }
  DocumentValue At(std::string_view key) const { return document_.value().root().Get(key).value(); }

  const std::string bytes_;
  const Result<Document> document_;
};

TEST_P(EveryForm, HoldsTheSameValues) {
  ASSERT_TRUE(document_.ok()) << document_.error().ToString();
  EXPECT_EQ(At("name").Text().value(), "a\"b\\ \u00e9\U0001F600\n");
  EXPECT_EQ(At("none").kind(), Document::Kind::kNull);
  EXPECT_EQ(At("yes").Integer(0, 1).value(), 1);
  EXPECT_EQ(At("count").Integer(-100000, 0).value(), -70000);
  EXPECT_EQ(At("share").FloatOrFloats().value(), std::vector<float>{0.1F});
  EXPECT_EQ(At("words").Texts().value(), (std::vector<std::string>{"x", "", "yz"}));
  EXPECT_EQ(At("empty").Items().value().size(), 0U);
  EXPECT_EQ(At("empty").Floats().value().size(), 0U);
  EXPECT_EQ(At("flags").Integers(0, 1).value(), (std::vector<std::int64_t>{1, 0}));
  EXPECT_EQ(At("numbers").Integers(-2, 5000000000).value(), (std::vector<std::int64_t>{1, -2, 300, 70000, 5000000000}));
  EXPECT_EQ(At("reals").Floats().value(), (std::vector<float>{0.1F, -1.5F, 16777216.0F, 3e38F}));
  EXPECT_EQ(At("number as text").Integer(0, 20).value(), 12);
  EXPECT_EQ(At("list as text").FloatOrFloats().value(), (std::vector<float>{0.5F, 0.25F}));
  const auto items = At("nested").Get("deep").value().Items().value();
  ASSERT_EQ(items.size(), 2U);
  EXPECT_EQ(items[1].Get("key").value().Integers(0, 9).value(), (std::vector<std::int64_t>{2, 3}));
  EXPECT_FALSE(At("nested").Find("other").has_value());
}

TEST_P(EveryForm, ErrorsNameTheirPath) {
  ASSERT_TRUE(document_.ok()) << document_.error().ToString();
  const auto items = At("nested").Get("deep").value().Items().value();
  const auto wrong = items[1].Get("key").value().Integers(0, 2);
  ASSERT_FALSE(wrong.ok());
  EXPECT_EQ(wrong.error().code, ErrorCode::kCorrupt);
  EXPECT_EQ(wrong.error().source, "m");
  EXPECT_EQ(wrong.error().key, "nested.deep[1].key");
  EXPECT_EQ(wrong.error().line, GetParam() == 0 ? 5 : 0);
  EXPECT_NE(wrong.error().message.find("entry 2 must be within [0, 2], is 3"), std::string::npos);
}

TEST_P(EveryForm, WhatIsNotOfItsKindIsRefused) {
  ASSERT_TRUE(document_.ok()) << document_.error().ToString();
  EXPECT_FALSE(At("name").Integer(0, 1).ok());
  EXPECT_FALSE(At("name").FloatOrFloats().ok());
  EXPECT_FALSE(At("name").Floats().ok());
  EXPECT_FALSE(At("name").Items().ok());
  EXPECT_FALSE(At("name").Get("key").ok());
  EXPECT_FALSE(At("words").Floats().ok());
  EXPECT_FALSE(At("numbers").Texts().ok());
  EXPECT_FALSE(At("reals").Integers(0, 1).ok());
  EXPECT_FALSE(At("share").Integer(0, 1).ok());
  EXPECT_FALSE(At("none").Text().ok());
  EXPECT_FALSE(At("nested").Get({"deep", "key"}).ok());
  EXPECT_FALSE(document_->root().Get("other").ok());
}

TEST_P(EveryForm, EveryTruncationIsRefused) {
  for (std::size_t size = 0; size < bytes_.size(); ++size) {
    const std::string part = bytes_.substr(0, size);
    EXPECT_FALSE((GetParam() == 0 ? ParseJsonDocument(part, "m") : ParseUbjsonDocument(part, "m")).ok()) << size;
  }
}

std::string FormName(const testing::TestParamInfo<int>& tested) {
  const char* const names[] = {"json", "ubjson", "counted", "typed"};
  return names[tested.param];
}

INSTANTIATE_TEST_SUITE_P(Forms, EveryForm, testing::Values(0, 1, 2, 3), FormName);

TEST(JsonDocument, NumbersAreRoundedOnceAndMayBeSpecial) {
  // The double nearest to the digits lies half-way between two floats; the digits themselves lie above.
  const std::string text = R"({"a":[1.00000017881393432617187500001, NaN, Infinity, -Infinity, 1e-60, 1e60, -0.0]})";
  const auto document = ParseJsonDocument(text, "m");
  ASSERT_TRUE(document.ok());
  const auto numbers = document->root().Get("a").value().Floats();
  ASSERT_TRUE(numbers.ok()) << numbers.error().ToString();
  EXPECT_EQ((*numbers)[0], 1.00000023841857910156F);
  EXPECT_TRUE(std::isnan((*numbers)[1]));
  EXPECT_EQ((*numbers)[2], INFINITY);
  EXPECT_EQ((*numbers)[3], -INFINITY);
  EXPECT_EQ((*numbers)[4], 0);
  EXPECT_EQ((*numbers)[5], INFINITY);
  EXPECT_TRUE(std::signbit((*numbers)[6]));
}

TEST(JsonDocument, BrokenTextIsCorruptWithItsPlace) {
  struct Case {
    const char* text;
    int line;
  };
  const Case cases[] = {
      {"", 1},
      {"{", 1},
      {"[", 1},
      {"{\"a\"\n 1}", 2},
      {"{\"a\":}", 1},
      {"{\"a\":1,}", 1},
      {"{1:2}", 1},
      {"[\"a\" \"b\"]", 1},
      {"[\"a\",]", 1},
      {"[{},]", 1},
      {"{} {}", 1},
      {"{\"a\":x}", 1},
      {"\"abc", 1},
      {"{\n\"a\":1,\n\"a\":2}", 3},
      {"{\"a\":\"\\\"}", 1},
      {"nul", 1},
      {"[null,]", 1},
  };
  for (const auto& [text, line] : cases) {
    const auto document = ParseJsonDocument(text, "m");
    ASSERT_FALSE(document.ok()) << text;
    EXPECT_EQ(document.error().code, ErrorCode::kCorrupt) << text;
    EXPECT_EQ(document.error().line, line) << text;
  }
}

TEST(JsonDocument, BrokenValuesAreFoundWhenAskedFor) {
  const std::string text = R"({"a":[1,,2],"b":[1 2],"c":"\x","d":"\ud800","e":[1,2,],"f":-})";
  const auto document = ParseJsonDocument(text, "m");
  ASSERT_TRUE(document.ok()) << document.error().ToString();
  for (const char* key : {"a", "b", "e"}) EXPECT_FALSE(document->root().Get(key).value().Floats().ok()) << key;
  for (const char* key : {"c", "d"}) EXPECT_FALSE(document->root().Get(key).value().Text().ok()) << key;
  EXPECT_FALSE(document->root().Get("f").value().Integer(0, 1).ok());
}

TEST(JsonDocument, DepthIsBounded) {
  const auto nested = [](int depth) {
    return std::string(static_cast<std::size_t>(depth), '[') + "{}" + std::string(static_cast<std::size_t>(depth), ']');
  };
  EXPECT_TRUE(ParseJsonDocument(nested(Document::kMaxDepth - 1), "m").ok());
  EXPECT_FALSE(ParseJsonDocument(nested(Document::kMaxDepth), "m").ok());
  EXPECT_FALSE(ParseJsonDocument(std::string(1'000'000, '['), "m").ok());
  EXPECT_FALSE(ParseUbjsonDocument(std::string(1'000'000, '['), "m").ok());
}

TEST(UbjsonDocument, CountsBeyondTheFileAreRefused) {
  using std::string_literals::operator""s;
  const std::string cases[] = {
      "[$d#l\x7f\xff\xff\xff"s,                  // 2^31 floats
      "[$d#L\x7f\xff\xff\xff\xff\xff\xff\xff"s,  // 2^63
      "[#L\xff\xff\xff\xff\xff\xff\xff\xff"s,    // -1
      "SL\x00\x00\x00\x00\xff\xff\xff\xff"s,     // a text of 4 GiB
      "{L\x00\x00\x00\x00\x00\x00\x00\x09"
      "abc"s,                    // a key beyond the end
      "[$Z#l\x7f\xff\xff\xff"s,  // 2^31 nulls of no bytes
      "[$U"s,
      "[$"s,
      "[$U#"s,
      "[#S"s,
      "{#i\x01i\x01"
      "a"s,
      "H"s,
      "x"s,
      "d\x00\x00"s,
      "[$U#i\x02\x01"s,
      "ZZ"s,
      "{i\x01"
      "aZi\x01"
      "aZ}"s,  // a key twice
  };
  for (const std::string& bytes : cases) {
    const auto document = ParseUbjsonDocument(bytes, "m");
    ASSERT_FALSE(document.ok()) << bytes;
    EXPECT_EQ(document.error().code, ErrorCode::kCorrupt) << bytes;
    EXPECT_TRUE(document.error().message.starts_with("byte ")) << document.error().ToString();
  }
}

}  // namespace
}  // namespace hone
