#include "engine/access_token_store.h"

#include <gtest/gtest.h>

#include "base/sha256.h"
#include "engine/live_store.h"
#include "storage/testing/temporary_folder.h"

namespace hone {
namespace {

AccessToken Token(const char* name, AccessRole role) { return {name, role, Sha256Hex(name), 7}; }

TEST(AccessTokenStore, KeepsWhatWasAdded) {
  const TemporaryFolder folder;
  const auto store = LiveStore::Open(folder.path()).value();
  ASSERT_TRUE(store->tokens.Add(Token("desk", AccessRole::kPredict)).ok());
  ASSERT_TRUE(store->tokens.Add(Token("board", AccessRole::kRead)).ok());
  const auto tokens = store->tokens.List();
  ASSERT_TRUE(tokens.ok());
  ASSERT_EQ(tokens->size(), 2U);
  EXPECT_EQ((*tokens)[0].name, "board");
  EXPECT_EQ((*tokens)[1].role, AccessRole::kPredict);
  EXPECT_EQ((*tokens)[1].hash, Sha256Hex("desk"));
  EXPECT_EQ((*tokens)[1].created, 7);
  ASSERT_TRUE(store->tokens.Revoke("desk").ok());
  EXPECT_EQ(store->tokens.List()->size(), 1U);
  EXPECT_EQ(store->tokens.Revoke("bord").error().message, "there is no token bord, did you mean board?");
}

TEST(AccessTokenStore, RefusesWhatIsNone) {
  const TemporaryFolder folder;
  const auto store = LiveStore::Open(folder.path()).value();
  ASSERT_TRUE(store->tokens.Add(Token("desk", AccessRole::kRead)).ok());
  EXPECT_EQ(store->tokens.Add(Token("desk", AccessRole::kRead)).error().code, ErrorCode::kConflict);
  EXPECT_EQ(store->tokens.Add(Token("", AccessRole::kRead)).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(store->tokens.Add(Token("Desk", AccessRole::kRead)).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(store->tokens.Add(Token("none", AccessRole::kNone)).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(store->tokens.Add({"plain", AccessRole::kRead, "secret", 0}).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(ParseAccessRole("none").error().code, ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace hone
