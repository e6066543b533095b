#include "wire/otlp_endpoint.h"

#include <gtest/gtest.h>

namespace hone {
namespace {

TEST(OtlpEndpoint, IsABaseOrAWholeAddress) {
  const OtlpEndpoint base = *ParseOtlpEndpoint("http://127.0.0.1:4400/otlp/");
  EXPECT_EQ(base.host, "127.0.0.1");
  EXPECT_EQ(base.port, 4400);
  EXPECT_EQ(base.target, "/otlp/v1/traces");
  EXPECT_EQ(ParseOtlpEndpoint("http://collector")->port, 80);
  EXPECT_EQ(ParseOtlpEndpoint("http://collector")->target, "/v1/traces");
  EXPECT_EQ(ParseOtlpEndpoint("http://[::1]:4318")->host, "::1");
  EXPECT_EQ(ParseOtlpEndpoint("http://collector/take", true)->target, "/take");
  EXPECT_EQ(ParseOtlpEndpoint("http://collector", true)->target, "/");
  EXPECT_FALSE(base.secure);
  const OtlpEndpoint secure = *ParseOtlpEndpoint("https://collector");
  EXPECT_TRUE(secure.secure);
  EXPECT_EQ(secure.port, 443);
  EXPECT_EQ(ParseOtlpEndpoint("https://collector:4318/otlp")->port, 4318);
}

TEST(OtlpEndpoint, OtherAddressesAreRefused) {
  for (const char* url :
       {"", "collector:4318", "ftp://collector", "https:/collector", "http://", "https://", "http://:4318",
        "http://a:0", "http://a:70000", "http://a:b", "http://a?b", "http://a/b#c", "http://a b"}) {
    EXPECT_FALSE(ParseOtlpEndpoint(url).ok()) << url;
  }
  const Result<OtlpEndpoint> secret = ParseOtlpEndpoint("http://user:secret@collector");
  ASSERT_FALSE(secret.ok());
  EXPECT_EQ(secret.error().message.find("secret"), std::string::npos);
}

TEST(OtlpHeaders, AreAListOfPairs) {
  const HttpHeaders headers = *ParseOtlpHeaders("api-key=secret%2C1, team = desk ,");
  ASSERT_EQ(headers.size(), 2U);
  EXPECT_EQ(headers[0].name, "api-key");
  EXPECT_EQ(headers[0].value, "secret,1");
  EXPECT_EQ(headers[1].name, "team");
  EXPECT_EQ(headers[1].value, "desk");
  EXPECT_TRUE(ParseOtlpHeaders("")->empty());
}

TEST(OtlpHeaders, ErrorsTellThePlaceAndNoValue) {
  for (const char* text : {"a=1,secret", "a=1,=secret", "a=1,b c=secret", "a=1,b=%zzsecret", "a=1,b=secret%0a"}) {
    const Result<HttpHeaders> headers = ParseOtlpHeaders(text);
    ASSERT_FALSE(headers.ok()) << text;
    EXPECT_NE(headers.error().message.find("item 2"), std::string::npos);
    EXPECT_EQ(headers.error().message.find("secret"), std::string::npos);
  }
}

}  // namespace
}  // namespace hone
