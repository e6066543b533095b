#include "api/route_table.h"

#include <gtest/gtest.h>

namespace hone {
namespace {

HttpRequest RequestWith(HttpHeaders headers) {
  HttpRequest request;
  request.headers = std::move(headers);
  return request;
}

TEST(CheckWriter, WithoutATokenAnyoneOnThisMachine) { EXPECT_EQ(CheckWriter(RequestWith({}), "").status, 0); }

TEST(CheckWriter, TheTokenMustBeTheBearer) {
  EXPECT_EQ(CheckWriter(RequestWith({{"Authorization", "Bearer secret"}}), "secret").status, 0);
  EXPECT_EQ(CheckWriter(RequestWith({{"Authorization", "Bearer secreT"}}), "secret").status, 401);
  EXPECT_EQ(CheckWriter(RequestWith({{"Authorization", "Bearer secret2"}}), "secret").status, 401);
  EXPECT_EQ(CheckWriter(RequestWith({{"Authorization", "Basic secret"}}), "secret").status, 401);
  EXPECT_EQ(CheckWriter(RequestWith({}), "secret").status, 401);
}

TEST(CheckWriter, AForeignPageIsRefused) {
  const auto from = [](const char* origin) {
    return CheckWriter(RequestWith({{"Host", "127.0.0.1:8000"}, {"Origin", origin}}), "").status;
  };
  EXPECT_EQ(from("http://127.0.0.1:8000"), 0);
  EXPECT_EQ(from("https://elsewhere.example"), 403);
  EXPECT_EQ(from("null"), 403);
}

}  // namespace
}  // namespace hone
