#include "base/shared_library.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

namespace hone {
namespace {

using testing::HasSubstr;

constexpr const char* kVariable = "HONE_TEST_LIBRARY";

TEST(SharedLibrary, TheFirstThatOpensIsTaken) {
  const auto library = SharedLibrary::Open("The C library", kVariable, {"/nowhere/libnone.so", "libc.so.6"});
  ASSERT_TRUE(library.ok()) << library.error().ToString();
  EXPECT_EQ(library->path(), "libc.so.6");
  int (*absolute)(int) = nullptr;
  ASSERT_TRUE(library->Find("abs", absolute));
  EXPECT_EQ(absolute(-3), 3);
  EXPECT_FALSE(library->Find("no_function_of_this_name", absolute));
}

TEST(SharedLibrary, WhatTheVariableNamesIsTheOnlyOneTried) {
  setenv(kVariable, "/nowhere/libchosen.so", 1);
  const auto library = SharedLibrary::Open("The C library", kVariable, {"libc.so.6"});
  unsetenv(kVariable);
  ASSERT_FALSE(library.ok());
  EXPECT_EQ(library.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(library.error().source, "/nowhere/libchosen.so");
}

TEST(SharedLibrary, EveryRefusalIsTold) {
  const auto library = SharedLibrary::Open("The library", kVariable, {"/nowhere/a.so", "/nowhere/b.so"});
  ASSERT_FALSE(library.ok());
  EXPECT_THAT(library.error().message, HasSubstr("The library cannot be opened"));
  EXPECT_THAT(library.error().message, HasSubstr("/nowhere/a.so"));
  EXPECT_THAT(library.error().message, HasSubstr("/nowhere/b.so"));
}

TEST(SharedLibrary, BesideTheProgramIsWhereItWasStarted) {
  const std::filesystem::path path = BesideProgram("libx.so");
  EXPECT_EQ(path.filename(), "libx.so");
  EXPECT_TRUE(std::filesystem::exists(std::filesystem::path(BesideProgram("base_test")))) << path;
}

}  // namespace
}  // namespace hone
