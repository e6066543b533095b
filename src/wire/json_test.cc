#include "wire/json.h"

#include <gtest/gtest.h>

#include <charconv>
#include <cmath>
#include <limits>
#include <string>

#include "base/random.h"
#include "wire/json_fields.h"
#include "wire/json_writer.h"

namespace hone {
namespace {

std::string ErrorOf(std::string_view text, const JsonLimits& limits = {}) {
  const auto parsed = ParseJson(text, limits);
  return parsed.ok() ? "" : parsed.error().ToString();
}

TEST(ParseJson, ReadsEveryKindInOrder) {
  const auto parsed = ParseJson("{\"b\": [1, -2.5, null, true],\n \"a\": {\"t\": \"\\u00e9\\n\"}}");
  ASSERT_TRUE(parsed.ok()) << parsed.error().ToString();
  EXPECT_EQ(parsed->keys, (std::vector<std::string>{"b", "a"}));
  const JsonValue& list = *parsed->Find("b");
  ASSERT_EQ(list.items.size(), 4U);
  EXPECT_TRUE(list.items[0].is_integer);
  EXPECT_EQ(list.items[0].integer, 1);
  EXPECT_FALSE(list.items[1].is_integer);
  EXPECT_EQ(list.items[1].number, -2.5);
  EXPECT_TRUE(list.items[2].is_null());
  EXPECT_TRUE(list.items[3].boolean);
  EXPECT_EQ(parsed->Find("a")->Find("t")->text, "\xc3\xa9\n");
  EXPECT_EQ(parsed->Find("a")->line, 2);
  EXPECT_EQ(parsed->Find("c"), nullptr);
}

TEST(ParseJson, KeepsIntegersExact) {
  const auto parsed = ParseJson("[9223372036854775807, -9223372036854775808, 9223372036854775808]");
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(parsed->items[0].integer, std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(parsed->items[1].integer, std::numeric_limits<std::int64_t>::min());
  EXPECT_FALSE(parsed->items[2].is_integer);
  EXPECT_EQ(parsed->items[2].number, 9223372036854775808.0);
}

TEST(ParseJson, SaysWhereTheTextIsWrong) {
  const std::string error = ErrorOf("{\"a\": 1,\n  \"b\" 2}", {.source = "/outcomes"});
  EXPECT_EQ(error.substr(0, 23), "/outcomes:2: column 8: ") << error;
  EXPECT_NE(error.find("expected ':'"), error.npos) << error;
}

TEST(ParseJson, RefusesWhatIsNotOneJsonText) {
  for (const char* text :
       {"",       " ",     "{",   "[1,]",        "{\"a\":1,}", "nul",   "01",     "+1",      "1 2",     "{} {}",
        "\"\n\"", "[NaN]", "'a'", "\"\\ud800\"", "\"\xff\"",   "1e999", "-1e999", "// c\n1", "{\"a\"}", "]"}) {
    EXPECT_NE(ErrorOf(text), "") << text;
  }
}

TEST(ParseJson, RefusesKeysThatStandTwice) {
  EXPECT_EQ(ErrorOf("{\"a\":1,\"b\":{\"a\":2},\"a\":3}").find("column 22: key \"a\" stands twice"), 8U)
      << ErrorOf("{\"a\":1,\"b\":{\"a\":2},\"a\":3}");
}

TEST(ParseJson, BoundsDepthBytesAndValues) {
  const auto nested = [](int depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_EQ(ErrorOf(nested(32)), "");
  EXPECT_NE(ErrorOf(nested(33)).find("nested deeper than 32"), std::string::npos);
  EXPECT_NE(ErrorOf(std::string(1'000'000, '[')).find("nested deeper than 32"), std::string::npos);
  EXPECT_NE(ErrorOf("[1,2]", {.bytes = 4}).find("at most 4 bytes, has 5"), std::string::npos);
  EXPECT_EQ(ErrorOf("[1,2]", {.values = 3}), "");
  EXPECT_NE(ErrorOf("[1,2,3]", {.values = 3}).find("more than 3 values"), std::string::npos);
}

TEST(ParseJson, SurvivesRandomBytes) {
  Random random(7);
  const std::string alphabet = "{}[]\",:0123456789.eE+-truefalsn\\u \n\xc3\xa9\xff";
  for (int round = 0; round < 20'000; ++round) {
    std::string text;
    for (std::uint64_t i = random.Below(40); i > 0; --i) text += alphabet[random.Below(alphabet.size())];
    const auto parsed = ParseJson(text);
    if (!parsed.ok()) {
      EXPECT_FALSE(parsed.error().message.empty());
    }
  }
}

TEST(JsonWriter, WritesMembersInOrderWithoutSpace) {
  JsonWriter json;
  json.BeginMap().Member("model", "vol").Member("n", 3).Member("ok", true).Key("list").BeginList();
  json.Value(0.1).Value(std::optional<double>()).Value(std::uint64_t{18446744073709551615U}).EndList();
  json.Key("empty").BeginMap().EndMap().RawMember("raw", "{\"x\":1}").EndMap();
  EXPECT_EQ(json.Take(),
            "{\"model\":\"vol\",\"n\":3,\"ok\":true,\"list\":[0.1,null,18446744073709551615],\"empty\":{},"
            "\"raw\":{\"x\":1}}");
  EXPECT_EQ(json.text(), "");
}

TEST(JsonWriter, IndentsByTwoWhenPretty) {
  JsonWriter json(JsonStyle::kPretty);
  json.BeginMap().Member("a", 1).Key("b").BeginList().Value(2).EndList().Key("c").BeginList().EndList().EndMap();
  EXPECT_EQ(json.text(), "{\n  \"a\": 1,\n  \"b\": [\n    2\n  ],\n  \"c\": []\n}");
}

TEST(JsonWriter, SeparatesTopLevelValuesByLines) {
  JsonWriter json;
  json.BeginMap().EndMap().BeginMap().EndMap();
  EXPECT_EQ(json.text(), "{}\n{}");
}

TEST(JsonWriter, WritesTheShortestNumberThatReadsBack) {
  EXPECT_EQ(JsonNumber(0.1), "0.1");
  EXPECT_EQ(JsonNumber(3.0), "3");
  EXPECT_EQ(JsonNumber(-0.0), "-0.0");
  EXPECT_TRUE(std::signbit(ParseJson(JsonNumber(-0.0))->number));
  EXPECT_EQ(JsonNumber(1e300), "1e+300");
  EXPECT_EQ(JsonNumber(std::nan("")), "null");
  EXPECT_EQ(JsonNumber(std::numeric_limits<double>::infinity()), "null");
  Random random(3);
  for (int i = 0; i < 10'000; ++i) {
    const double value = std::ldexp(random.Normal(), static_cast<int>(random.Below(600)) - 300);
    const auto parsed = ParseJson(JsonNumber(value));
    ASSERT_TRUE(parsed.ok());
    EXPECT_EQ(parsed->number, value);
  }
}

TEST(JsonWriter, WholeNumbersAreInTheirShortestFormToo) {
  for (int number = -300'000; number <= 300'000; number += 7) {
    char text[32];
    const auto value = static_cast<double>(number);
    EXPECT_EQ(JsonNumber(value), std::string(text, std::to_chars(text, text + sizeof text, value).ptr));
  }
  for (const double number : {1.0, 10.0, 99'999.0, 100'000.0, 100'001.0, 1e300}) {
    EXPECT_EQ(ParseJson(JsonNumber(number))->number, number);
  }
}

TEST(JsonWriter, EscapesAndMendsText) {
  JsonWriter json;
  json.Value(
      "a\"\\\n\x01\x7f"
      "é");
  EXPECT_EQ(json.text(), "\"a\\\"\\\\\\n\\u0001\\u007fé\"");
  json.Clear();
  json.Value(
      "\xff\xc0\xaf\xed\xa0\x80"
      "\xf4\x90\x80\x80"
      "ok\xe2\x82");  // each wrong byte becomes U+FFFD
  EXPECT_EQ(ParseJson(json.text())->text.size(), 3U * 12 + 2);
}

// Long texts are looked at in words: a character must come out the same wherever it stands.
TEST(JsonWriter, EscapesAlikeAtEveryPlace) {
  const auto inside = [](const std::string& text) {
    JsonWriter json;
    json.Value(text);
    return json.text().substr(1, json.text().size() - 2);
  };
  for (int c = 0; c < 256; ++c) {
    const std::string one(1, static_cast<char>(c));
    for (std::size_t place = 0; place < 19; ++place) {
      const std::string before(place, '~'), after(18 - place, ' ');
      EXPECT_EQ(inside(before + one + after), before + inside(one) + after) << c << " at " << place;
    }
  }
}

TEST(JsonWriter, AnyBytesBecomeValidJson) {
  Random random(11);
  for (int round = 0; round < 5'000; ++round) {
    std::string bytes;
    for (std::uint64_t i = random.Below(30); i > 0; --i) bytes += static_cast<char>(random.Below(256));
    JsonWriter json;
    json.BeginMap().Member(bytes, bytes).EndMap();
    ASSERT_EQ(ErrorOf(json.text()), "");
  }
}

TEST(JsonWriterDeathTest, MisuseAborts) {
  EXPECT_DEATH(JsonWriter().BeginMap().Value(1), "");
  EXPECT_DEATH(JsonWriter().BeginMap().EndList(), "");
  EXPECT_DEATH(JsonWriter().BeginList().Take(), "");
}

class Fields : public testing::Test {
 protected:
  JsonFields& Of(std::string_view text) {
    value_ = ParseJson(text).value();
    fields_.emplace(value_, "/outcomes");
    return *fields_;
  }
  std::string Finish() {
    const Status status = fields_->Finish();
    return status.ok() ? "" : status.error().ToString();
  }

  JsonValue value_;
  std::optional<JsonFields> fields_;
};

TEST_F(Fields, ReadsWhatIsThereAndKeepsDefaults) {
  JsonFields& fields = Of(R"({"v":1.5,"n":7,"t":"x","f":[1,null],"s":["a"],"b":true,"absent":null})");
  double v = 0, absent = 9;
  std::int64_t n = 0;
  std::string t;
  std::vector<double> f;
  std::vector<std::string> s;
  bool b = false;
  fields.Require("v");
  fields.Read("v", v);
  fields.Read("n", n, {.at_least = 1});
  fields.Read("t", t);
  fields.Read("f", f);
  fields.Read("s", s);
  fields.Read("b", b);
  fields.Read("absent", absent);
  EXPECT_EQ(Finish(), "");
  EXPECT_EQ(v, 1.5);
  EXPECT_EQ(n, 7);
  EXPECT_EQ(t, "x");
  ASSERT_EQ(f.size(), 2U);
  EXPECT_TRUE(std::isnan(f[1]));
  EXPECT_EQ(s, std::vector<std::string>{"a"});
  EXPECT_TRUE(b);
  EXPECT_EQ(absent, 9);
}

TEST_F(Fields, NamesTheKeyAndWhatWouldBeRight) {
  double v = 0;
  Of(R"({"value":"1"})").Read("value", v);
  EXPECT_EQ(Finish(), "/outcomes:1: value: must be a number, is a text");
  Of(R"({"value":7})").Read("value", v, {.above = 0, .at_most = 1});
  EXPECT_EQ(Finish(), "/outcomes:1: value: must be within (0, 1], is 7");
  std::int64_t n = 0;
  Of(R"({"n":1.5})").Read("n", n);
  EXPECT_EQ(Finish(), "/outcomes:1: n: must be an integer, is 1.5");
  Of("{}").Require("value");
  EXPECT_EQ(Finish(), "/outcomes:1: value: is required");
  Of("[]");
  EXPECT_EQ(Finish(), "/outcomes:1: must be a map, is a list");
}

TEST_F(Fields, AnUnknownKeyOffersTheNearest) {
  JsonFields& fields = Of(R"({"valeu":1})");
  double v = 0;
  fields.Require("value").Read("value", v);
  EXPECT_EQ(Finish(), "/outcomes:1: valeu: unknown key, did you mean value?");
}

}  // namespace
}  // namespace hone
