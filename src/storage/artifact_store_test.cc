#include "storage/artifact_store.h"

#include <gtest/gtest.h>

#include <fstream>

#include "base/sha256.h"
#include "storage/testing/temporary_folder.h"

namespace hone {
namespace {

TEST(ArtifactStore, KeepsBytesUnderTheirHash) {
  const TemporaryFolder folder;
  const ArtifactStore store(folder / "artifacts");
  const std::string bytes("model\0file", 10);
  const auto address = store.Put(bytes);
  ASSERT_TRUE(address.ok()) << address.error().ToString();
  EXPECT_EQ(*address, Sha256Hex(bytes));
  EXPECT_EQ(*store.Get(*address), bytes);
  EXPECT_EQ(*store.Put(bytes), *address);
  EXPECT_EQ(store.PathOf(*address), folder.path() / "artifacts" / address->substr(0, 2) / address->substr(2));
}

TEST(ArtifactStore, NamesADamagedFileAndMendsItByPut) {
  const TemporaryFolder folder;
  const ArtifactStore store(folder / "artifacts");
  const std::string address = *store.Put("sound");
  std::ofstream(store.PathOf(address)) << "changed";
  const auto read = store.Get(address);
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().code, ErrorCode::kCorrupt);
  EXPECT_EQ(read.error().source, store.PathOf(address).string());
  EXPECT_EQ(*store.Put("sound"), address);
  EXPECT_EQ(*store.Get(address), "sound");
}

TEST(ArtifactStore, RefusesWhatIsNoAddress) {
  const TemporaryFolder folder;
  const ArtifactStore store(folder / "artifacts");
  EXPECT_EQ(store.Get("../../etc/passwd").error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(store.Get("").error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(store.Get(std::string(64, '0')).error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace hone
