#include "wire/http_url.h"

#include <gtest/gtest.h>

namespace hone {
namespace {

TEST(HttpUrl, HasHostPortAndTarget) {
  const auto whole = ParseHttpUrl("https://chat.example/api/hooks/1/token?wait=true");
  ASSERT_TRUE(whole);
  EXPECT_EQ(whole->host, "chat.example");
  EXPECT_EQ(whole->port, 443);
  EXPECT_EQ(whole->target, "/api/hooks/1/token?wait=true");
  EXPECT_TRUE(whole->secure);
  const auto address = ParseHttpUrl("http://[::1]:9093");
  ASSERT_TRUE(address);
  EXPECT_EQ(address->host, "::1");
  EXPECT_EQ(address->port, 9093);
  EXPECT_EQ(address->target, "/");
  EXPECT_EQ(ParseHttpUrl("http://host?a=b")->target, "/?a=b");
}

TEST(HttpUrl, RefusesWhatIsNone) {
  for (const char* text : {"", "host", "ftp://host", "http://", "http://:80", "http://user@host/", "http://host:0/",
                           "http://host:65536/", "http://host:80x/", "http://host/a b", "http://host/#part",
                           "http://host/\r\nX: y", "http://ho st/", "HTTP://host"}) {
    EXPECT_FALSE(ParseHttpUrl(text)) << text;
  }
}

}  // namespace
}  // namespace hone
