#include "base/result.h"

#include <gtest/gtest.h>

#include <memory>

namespace hone {
namespace {

Result<int> Half(int value) {
  if (value % 2 != 0) return Error{ErrorCode::kInvalidArgument, "must be even", "", 0, "value"};
  return value / 2;
}

Result<int> Quarter(int value) {
  HONE_ASSIGN_OR_RETURN(const int half, Half(value));
  HONE_ASSIGN_OR_RETURN(const int quarter, Half(half));
  return quarter;
}

Status CheckEven(int value) {
  HONE_RETURN_IF_ERROR(Half(value));
  return OkStatus();
}

TEST(Result, HoldsAValueOrAnError) {
  EXPECT_TRUE(Half(4).ok());
  EXPECT_EQ(*Half(4), 2);
  EXPECT_FALSE(Half(3).ok());
  EXPECT_EQ(Half(3).error().key, "value");
}

TEST(Result, MacrosPassErrorsOn) {
  EXPECT_EQ(*Quarter(8), 2);
  EXPECT_FALSE(Quarter(6).ok());
  EXPECT_FALSE(Quarter(5).ok());
  EXPECT_TRUE(CheckEven(2).ok());
  EXPECT_EQ(CheckEven(1).error().code, ErrorCode::kInvalidArgument);
}

TEST(Result, MovesValuesThatCannotBeCopied) {
  auto make = []() -> Result<std::unique_ptr<int>> { return std::make_unique<int>(7); };
  auto take = [&]() -> Result<int> {
    HONE_ASSIGN_OR_RETURN(auto pointer, make());
    return *pointer;
  };
  EXPECT_EQ(*take(), 7);
}

TEST(Result, ErrorTextNamesSourceLineAndKey) {
  const Error error{ErrorCode::kInvalidArgument, "must be within (0, 0.5], is 7", "policy.yaml", 3, "rollout.alpha"};
  EXPECT_EQ(error.ToString(), "policy.yaml:3: rollout.alpha: must be within (0, 0.5], is 7");
  EXPECT_EQ((Error{ErrorCode::kInternal, "broken", "", 0, ""}.ToString()), "broken");
  EXPECT_EQ((Error{ErrorCode::kInternal, "broken", "", 4, ""}.ToString()), "line 4: broken");
}

TEST(Result, EveryCodeHasANameOfItsOwn) {
  EXPECT_STREQ(ErrorCodeName(ErrorCode::kInvalidArgument), "invalid_argument");
  EXPECT_STREQ(ErrorCodeName(ErrorCode::kInvalidData), "invalid_data");
  EXPECT_STREQ(ErrorCodeName(ErrorCode::kNotFound), "not_found");
  EXPECT_STREQ(ErrorCodeName(ErrorCode::kConflict), "conflict");
  EXPECT_STREQ(ErrorCodeName(ErrorCode::kUnavailable), "unavailable");
  EXPECT_STREQ(ErrorCodeName(ErrorCode::kResourceExhausted), "resource_exhausted");
  EXPECT_STREQ(ErrorCodeName(ErrorCode::kCorrupt), "corrupt");
  EXPECT_STREQ(ErrorCodeName(ErrorCode::kInternal), "internal");
}

}  // namespace
}  // namespace hone
