#include "base/files.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <fstream>

namespace hone {
namespace {

namespace fs = std::filesystem;

class Files : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "hone_files_XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::size_t FilesInFolder() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()));
  }

  fs::path folder_;
};

TEST_F(Files, WritesWholeFilesAndReplacesThem) {
  const fs::path path = folder_ / "a.txt";
  ASSERT_TRUE(WriteFileAtomically(path, "first").ok());
  ASSERT_TRUE(WriteFileAtomically(path, std::string("sec\0nd", 6)).ok());
  EXPECT_EQ(*ReadFile(path, 100), std::string("sec\0nd", 6));
  EXPECT_EQ(FilesInFolder(), 1U);
}

TEST_F(Files, AFailedWriteLeavesTheOldFileAndNoOther) {
  const fs::path path = folder_ / "target";
  fs::create_directory(path);  // a folder cannot be replaced by a file
  std::ofstream(path / "inside") << "kept";
  const Status status = WriteFileAtomically(path, "new");
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().source, path.string());
  EXPECT_EQ(*ReadFile(path / "inside", 10), "kept");
  EXPECT_EQ(FilesInFolder(), 1U);
}

TEST_F(Files, AMissingParentIsNamed) {
  const Status status = WriteFileAtomically(folder_ / "none" / "a.txt", "x");
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, ErrorCode::kNotFound);
}

TEST_F(Files, ReadsAreBounded) {
  const fs::path path = folder_ / "a.txt";
  ASSERT_TRUE(WriteFileAtomically(path, std::string(100, 'x')).ok());
  EXPECT_TRUE(ReadFile(path, 100).ok());
  const auto larger = ReadFile(path, 99);
  ASSERT_FALSE(larger.ok());
  EXPECT_EQ(larger.error().code, ErrorCode::kInvalidData);
  EXPECT_FALSE(ReadFile("/dev/zero", 1000).ok());
}

TEST_F(Files, MissingFilesAndFoldersAreToldApart) {
  EXPECT_EQ(ReadFile(folder_ / "none", 10).error().code, ErrorCode::kNotFound);
  const auto folder = ReadFile(folder_, 10);
  EXPECT_EQ(folder.error().code, ErrorCode::kInvalidData);
  EXPECT_EQ(folder.error().source, folder_.string());
}

TEST_F(Files, EnsureFolderMakesParentsAndRefusesAFile) {
  EXPECT_TRUE(EnsureFolder(folder_ / "a" / "b").ok());
  EXPECT_TRUE(EnsureFolder(folder_ / "a" / "b").ok());
  ASSERT_TRUE(WriteFileAtomically(folder_ / "file", "x").ok());
  EXPECT_FALSE(EnsureFolder(folder_ / "file").ok());
  EXPECT_FALSE(EnsureFolder(folder_ / "file" / "below").ok());
}

TEST_F(Files, OneLockAtATime) {
  const fs::path path = folder_ / "lock";
  {
    auto held = FileLock::Acquire(path);
    ASSERT_TRUE(held.ok());
    const auto second = FileLock::Acquire(path);
    ASSERT_FALSE(second.ok());
    EXPECT_EQ(second.error().code, ErrorCode::kConflict);
    const FileLock moved = std::move(*held);
    EXPECT_FALSE(FileLock::Acquire(path).ok());
  }
  EXPECT_TRUE(FileLock::Acquire(path).ok());
}

}  // namespace
}  // namespace hone
