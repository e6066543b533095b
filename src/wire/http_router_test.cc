#include "wire/http_router.h"

#include <gtest/gtest.h>

#include <string>

#include "base/random.h"
#include "wire/http_target.h"

namespace hone {
namespace {

void Add(HttpRouter& router, const std::string& method, const std::string& pattern) {
  router.Add(method, pattern, [](const HttpRequest&, const PathParameters&, const Responder&) {});
}

std::string PatternOf(const HttpRouter& router, const std::string& method, const std::string& target) {
  HttpRequest request;
  request.method = method;
  EXPECT_TRUE(ParseTarget(target, request).ok()) << target;
  return std::string(router.PatternOf(request));
}

TEST(HttpRouter, ASlashWithinASegmentIsNoneBetweenTwo) {
  HttpRouter router;
  Add(router, "GET", "/a/b");
  Add(router, "GET", "/{name}");
  EXPECT_EQ(PatternOf(router, "GET", "/a/b"), "/a/b");
  EXPECT_EQ(PatternOf(router, "GET", "/a/%62"), "/a/b");
  EXPECT_EQ(PatternOf(router, "GET", "/a%2Fb"), "/{name}");
}

TEST(HttpRouter, ALiteralPathDecidesWhateverTheMethod) {
  HttpRouter router;
  Add(router, "GET", "/a/{name}");
  Add(router, "POST", "/a/b");
  EXPECT_EQ(PatternOf(router, "POST", "/a/b"), "/a/b");
  EXPECT_EQ(PatternOf(router, "GET", "/a/b"), "");
  EXPECT_EQ(PatternOf(router, "GET", "/a/c"), "/a/{name}");
}

// With a slash behind it no path reads like a pattern, and every pattern is tried.
TEST(HttpRouter, PathsThatReadLikeAPatternFindWhatTryingAllFinds) {
  Random random(43);
  int found = 0;
  for (int round = 0; round < 200; ++round) {
    HttpRouter router;
    for (int i = 0; i < 12; ++i) {
      std::string pattern;
      for (std::uint64_t depth = 1 + random.Below(3); depth > 0; --depth) {
        pattern += random.Below(3) == 0 ? "/{p}" : std::string(1, '/') + static_cast<char>('a' + random.Below(3));
      }
      Add(router, random.Below(2) == 0 ? "GET" : "POST", pattern);
    }
    for (int i = 0; i < 50; ++i) {
      std::string path;
      for (std::uint64_t depth = 1 + random.Below(3); depth > 0; --depth) {
        path += '/';
        path += static_cast<char>('a' + random.Below(3));
      }
      const std::string pattern = PatternOf(router, "GET", path);
      EXPECT_EQ(pattern, PatternOf(router, "GET", path + "/")) << path;
      found += pattern == path ? 1 : 0;
    }
  }
  EXPECT_GT(found, 500);
}

}  // namespace
}  // namespace hone
