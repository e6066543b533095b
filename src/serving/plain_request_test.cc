#include "serving/plain_request.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "base/random.h"

namespace hone {
namespace {

std::string Padded(const std::string& body) { return body + std::string(kPlainPadding, '\0'); }

bool IsPlain(const std::string& body) {
  PredictRequest request;
  return ReadPlainRequest(Padded(body), request);
}

// The value as both readers take it: an escape in a name is beyond the plain one. Error text, or the double's bits.
std::string ReadBy(PredictRequestReader& reader, const std::string& name, const std::string& value) {
  const auto read = reader.Read("{\"" + name + "\":[" + value + "]}");
  if (!read.ok()) return read.error().message;
  std::string bits;
  for (const double number : (*read)->values) bits += std::to_string(std::bit_cast<std::uint64_t>(number)) + " ";
  return bits;
}

bool IsError(const std::string& read) { return !read.empty() && (read[0] < '0' || read[0] > '9'); }

void ExpectSame(PredictRequestReader& reader, const std::string& values) {
  const std::string plain = ReadBy(reader, "features", values), general = ReadBy(reader, "f\\u0065atures", values);
  if (IsError(plain) && IsError(general)) return;  // they name the column, which is another
  EXPECT_EQ(plain, general) << values;
}

std::string Digits(Random& random, std::uint64_t most) {
  std::string digits;
  for (std::uint64_t i = random.Below(most + 1); i > 0; --i) digits += static_cast<char>('0' + random.Below(10));
  return digits;
}

TEST(PlainRequest, ReadsWhatClientsWrite) {
  PredictRequest request;
  const std::string body =
      Padded("{ \"model\" : \"vol\",\n\"features\":[1, -2.5,null ,1e3,0.1], \"key\":\"a-7\" }\r\n");
  ASSERT_TRUE(ReadPlainRequest(body, request));
  EXPECT_EQ(request.model, "vol");
  EXPECT_EQ(request.key, "a-7");
  EXPECT_FALSE(request.by_name);
  ASSERT_EQ(request.values.size(), 5U);
  EXPECT_EQ(request.values[1], -2.5);
  EXPECT_TRUE(std::isnan(request.values[2]));
  EXPECT_EQ(request.values[3], 1000);
  EXPECT_EQ(request.values[4], 0.1);
  PredictRequest named;
  const std::string by_name = Padded(R"({"features":{"a b":1,"":null}})");
  ASSERT_TRUE(ReadPlainRequest(by_name, named));
  EXPECT_TRUE(named.by_name);
  ASSERT_EQ(named.named.size(), 2U);
  EXPECT_EQ(named.named[0].name, "a b");
  EXPECT_EQ(named.named[0].value, 1);
  EXPECT_EQ(named.named[1].name, "");
  EXPECT_TRUE(IsPlain("{\"features\":[]}"));
  EXPECT_TRUE(IsPlain("{\"features\":{}}"));
}

TEST(PlainRequest, LeavesAllElse) {
  for (const char* body : {"",
                           "{",
                           "{}",
                           "[]",
                           "{\"model\":\"m\"}",
                           "{\"features\":[1]",
                           "{\"features\":[1]} x",
                           "{\"features\":[1,]}",
                           "{\"features\":[1],}",
                           "{\"features\":[01]}",
                           "{\"features\":[1.]}",
                           "{\"features\":[.5]}",
                           "{\"features\":[1e]}",
                           "{\"features\":[+1]}",
                           "{\"features\":[-]}",
                           "{\"features\":[nul]}",
                           "{\"features\":[NaN]}",
                           "{\"features\":[1e999]}",
                           "{\"features\":[true]}",
                           "{\"features\":[\"1\"]}",
                           "{\"features\":[[1]]}",
                           "{\"features\":[1],\"features\":[1]}",
                           "{\"model\":\"\",\"features\":[1]}",
                           "{\"model\":1,\"features\":[1]}",
                           "{\"mod\\u0065l\":\"m\",\"features\":[1]}",
                           "{\"model\":\"\xc3\xa9\",\"features\":[1]}",
                           "{\"key\":\"a b\",\"features\":[1]}",
                           "{\"other\":1,\"features\":[1]}",
                           "{\"features\":{\"a\":1,}}",
                           "{\"features\":{\"a\"}}",
                           "{\"model\":\"a\",\"model\":\"b\",\"features\":[1]}",
                           "{\"features\":[1 2]}"}) {
    EXPECT_FALSE(IsPlain(body)) << body;
  }
  EXPECT_FALSE(IsPlain(std::string("{\"features\":[1]}\0", 17)));
}

TEST(PlainRequest, NumbersAreThoseOfTheGeneralReader) {
  PredictRequestReader reader;
  std::vector<std::string> numbers = {"0",
                                      "-0",
                                      "-0.0",
                                      "0e0",
                                      "-0e5",
                                      "1e22",
                                      "1e23",
                                      "9007199254740993",
                                      "5e-324",
                                      "1e-400",
                                      "1.7976931348623157e308",
                                      "1.7976931348623159e308",
                                      "18446744073709551615",
                                      "18446744073709551616",
                                      "-9223372036854775809",
                                      "123456789012345678901234567890",
                                      "0.000000000000000000000000000001",
                                      "2.2250738585072011e-308"};
  Random random(31);
  for (int i = 0; i < 20'000; ++i) {
    std::string number = (random.Below(2) == 0 ? "-" : "") + std::to_string(random.Below(1000)) + Digits(random, 19);
    if (random.Below(3) > 0) number += "." + std::to_string(random.Below(10)) + Digits(random, 20);
    if (random.Below(3) == 0) number += "e" + std::to_string(static_cast<int>(random.Below(80)) - 40);
    numbers.push_back(number);
  }
  for (const std::string& number : numbers) {
    ExpectSame(reader, number);
  }
}

// Every number of digits behind the point, and whatever can stand behind them.
TEST(PlainRequest, DigitsReadTogetherAreThoseReadOneByOne) {
  PredictRequestReader reader;
  Random random(41);
  for (std::size_t count = 0; count <= 26; ++count) {
    for (int behind = 0; behind < 256; ++behind) {
      std::string number = std::to_string(random.Below(20)) + ".";
      for (std::size_t i = 0; i < count; ++i) number += static_cast<char>('0' + random.Below(10));
      ExpectSame(reader, number);
      ExpectSame(reader, number + static_cast<char>(behind));
      ExpectSame(reader, number + static_cast<char>(behind) + "1234567890");
    }
  }
}

// Whatever is put in the place of the numbers.
TEST(PlainRequest, BrokenNumbersAreRefusedByBoth) {
  PredictRequestReader reader;
  const std::string letters = "0123456789+-.eE, nul[]{}\":";
  Random random(37);
  for (int round = 0; round < 50'000; ++round) {
    std::string text;
    for (std::uint64_t i = random.Below(8); i > 0; --i) text += letters[random.Below(letters.size())];
    ExpectSame(reader, text);
  }
}

}  // namespace
}  // namespace hone
