#include "wire/http_target.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace hone {
namespace {

HttpRequest Parse(std::string_view target) {
  HttpRequest request;
  const Status status = ParseTarget(target, request);
  EXPECT_TRUE(status.ok()) << target;
  return request;
}

TEST(ParseTarget, SplitsPathAndQuery) {
  const HttpRequest request = Parse("/models/vol%20a%2Fb?limit=3&x=a+b%26&flag&limit=4#part");
  EXPECT_EQ(request.segments, (std::vector<std::string>{"models", "vol a/b"}));
  EXPECT_EQ(request.path, "/models/vol a/b");
  EXPECT_EQ(request.Query("limit"), "3");
  EXPECT_EQ(request.Query("x"), "a b&");
  EXPECT_TRUE(request.HasQuery("flag"));
  EXPECT_FALSE(request.HasQuery("none"));
}

TEST(ParseTarget, TakesRootAndAbsoluteForm) {
  EXPECT_EQ(Parse("/").path, "/");
  EXPECT_EQ(Parse("http://host:80/a?b=1").path, "/a");
  EXPECT_EQ(Parse("http://host").path, "/");
  EXPECT_EQ(Parse("http://host?b=1").Query("b"), "1");
}

TEST(ParseTarget, ReusesARequestWithoutLeavingsOfTheLast) {
  HttpRequest request = Parse("/a/b/c?x=1&y=2");
  ASSERT_TRUE(ParseTarget("/d", request).ok());
  EXPECT_EQ(request.segments, std::vector<std::string>{"d"});
  EXPECT_TRUE(request.query.empty());
}

TEST(ParseTarget, RefusesWhatIsMalformed) {
  for (const std::string& target :
       {std::string(), std::string("*"), std::string("a"), std::string("/%"), std::string("/%2"), std::string("/%zz"),
        std::string("/%00"), std::string("/?a=%0a"), std::string("/\x01"), std::string(65, '/'),
        "/?" + std::string(600, '&') + [] {
          std::string many;
          for (int i = 0; i < 257; ++i) many += "a&";
          return many;
        }()}) {
    HttpRequest request;
    EXPECT_FALSE(ParseTarget(target, request).ok()) << target;
  }
}

TEST(PercentEncode, ReadsBack) {
  Random random(5);
  for (int round = 0; round < 2'000; ++round) {
    std::string text;
    for (std::uint64_t i = random.Below(20); i > 0; --i) text += static_cast<char>(0x20 + random.Below(0x5f));
    EXPECT_EQ(PercentDecode(PercentEncode(text)).value(), text);
  }
  EXPECT_EQ(PercentEncode("a b/é"), "a%20b%2F%C3%A9");
}

}  // namespace
}  // namespace hone
