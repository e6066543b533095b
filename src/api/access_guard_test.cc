#include "api/access_guard.h"

#include <gtest/gtest.h>

#include "base/sha256.h"

namespace hone {
namespace {

AccessToken Token(const char* secret, AccessRole role) { return {"one", role, Sha256Hex(secret), 0}; }

HttpRequest RequestWith(HttpHeaders headers, const char* method = "GET") {
  HttpRequest request;
  request.method = method;
  request.headers = std::move(headers);
  return request;
}

int StatusFor(const AccessGuard& guard, const char* authorization, AccessRole needed) {
  return guard.Check(RequestWith({{"Authorization", authorization}}), needed).status;
}

TEST(AccessGuard, WithoutATokenAnyoneOnThisMachine) {
  const AccessGuard guard(true, 1, {});
  EXPECT_FALSE(guard.needs_token(0));
  EXPECT_EQ(guard.Check(RequestWith({}), AccessRole::kOperate).status, 0);
}

TEST(AccessGuard, BeyondThisMachineNobodyWithoutAToken) {
  const AccessGuard guard(false, 1, {});
  EXPECT_TRUE(guard.needs_token(0));
  EXPECT_EQ(guard.Check(RequestWith({}), AccessRole::kRead).status, 401);
  EXPECT_EQ(guard.Check(RequestWith({}), AccessRole::kNone).status, 0) << "probes need none";
}

TEST(AccessGuard, TheSecretMustBeTheBearer) {
  const AccessGuard guard(true, 1, {Token("secret", AccessRole::kOperate)});
  EXPECT_EQ(StatusFor(guard, "Bearer secret", AccessRole::kOperate), 0);
  EXPECT_EQ(StatusFor(guard, "bearer secret", AccessRole::kOperate), 0) << "a scheme is compared without case";
  for (const char* wrong : {"Bearer secreT", "Bearer secret2", "Bearer ", "Bearer", "Basic secret", ""}) {
    EXPECT_EQ(StatusFor(guard, wrong, AccessRole::kRead), 401) << wrong;
  }
  EXPECT_EQ(StatusFor(guard, ("Bearer " + std::string(10'000, 'a')).c_str(), AccessRole::kRead), 401);
}

TEST(AccessGuard, ARoleMayWhatLowerOnesMay) {
  const AccessGuard guard(true, 1, {Token("secret", AccessRole::kPredict)});
  EXPECT_EQ(StatusFor(guard, "Bearer secret", AccessRole::kRead), 0);
  EXPECT_EQ(StatusFor(guard, "Bearer secret", AccessRole::kPredict), 0);
  const Refusal refusal = guard.Check(RequestWith({{"Authorization", "Bearer secret"}}), AccessRole::kOperate);
  EXPECT_EQ(refusal.status, 403);
  EXPECT_EQ(refusal.detail, "the token's role is predict; this needs operate");
}

TEST(AccessGuard, TokensComeAndGo) {
  AccessGuard guard(true, 2, {});
  guard.SetTokens(0, {Token("secret", AccessRole::kRead)});
  EXPECT_EQ(StatusFor(guard, "Bearer secret", AccessRole::kRead), 0);
  EXPECT_EQ(StatusFor(guard, "Bearer other", AccessRole::kRead), 401);
  EXPECT_FALSE(guard.needs_token(1)) << "another thread's list";
  guard.SetTokens(0, {});
  EXPECT_FALSE(guard.needs_token(0));
}

TEST(AccessGuard, AForeignPageMayNotWrite) {
  const AccessGuard guard(true, 1, {});
  const auto from = [&guard](const char* origin, const char* method) {
    return guard.Check(RequestWith({{"Host", "127.0.0.1:8000"}, {"Origin", origin}}, method), AccessRole::kNone).status;
  };
  EXPECT_EQ(from("http://127.0.0.1:8000", "POST"), 0);
  EXPECT_EQ(from("https://elsewhere.example", "POST"), 403);
  EXPECT_EQ(from("null", "POST"), 403);
  EXPECT_EQ(from("null", "GET"), 0) << "the browser keeps the answer from it";
}

}  // namespace
}  // namespace hone
