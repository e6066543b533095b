// gzip and zip: whole, truncated at every length, damaged, too large.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "market/gzip.h"
#include "market/load.h"
#include "market/packing_for_test.h"
#include "market/zip_entry.h"

namespace hone {
namespace {

using testing::HasSubstr;

constexpr std::size_t kPlenty = 1 << 20;

std::string SomeText() {
  std::string text = "date,open,high,low,close,volume\n";
  for (int day = 10; day < 29; ++day)
    text += "2008-09-" + std::to_string(day) + ",10,12,9,11," + std::to_string(day * 37) + "\n";
  return text;
}

TEST(Gzip, GivesBackTheText) {
  const auto text = Gunzip(GzipForTest(SomeText()), "a.gz", kPlenty);
  ASSERT_TRUE(text.ok()) << text.error().ToString();
  EXPECT_EQ(*text, SomeText());
}

TEST(Gzip, JoinsMembers) {
  const auto text = Gunzip(GzipForTest("one\n") + GzipForTest("two\n"), "a.gz", kPlenty);
  ASSERT_TRUE(text.ok());
  EXPECT_EQ(*text, "one\ntwo\n");
}

TEST(Gzip, EveryTruncationIsRefusedByName) {
  const std::string packed = GzipForTest(SomeText());
  for (std::size_t n = 2; n < packed.size(); ++n) {
    const auto text = Gunzip(packed.substr(0, n), "prices.csv.gz", kPlenty);
    ASSERT_FALSE(text.ok()) << n;
    EXPECT_THAT(text.error().ToString(), HasSubstr("prices.csv.gz: truncated gzip")) << n;
    EXPECT_EQ(text.error().code, ErrorCode::kInvalidData);
  }
}

TEST(Gzip, ChecksumIsChecked) {
  std::string packed = GzipForTest(SomeText());
  packed[packed.size() - 6] ^= 1;
  const auto text = Gunzip(packed, "a.gz", kPlenty);
  ASSERT_FALSE(text.ok());
  EXPECT_THAT(text.error().message, HasSubstr("damaged gzip"));
}

TEST(Gzip, BombIsBounded) {
  const std::string packed = GzipForTest(std::string(8 << 20, 'x'));
  ASSERT_LT(packed.size(), 20'000U);
  const auto text = Gunzip(packed, "bomb.gz", kPlenty);
  ASSERT_FALSE(text.ok());
  EXPECT_THAT(text.error().ToString(), HasSubstr("bomb.gz: unpacks to more than 1048576 bytes"));
  EXPECT_TRUE(Gunzip(packed, "bomb.gz", 8 << 20).ok());
  EXPECT_FALSE(Gunzip(packed, "bomb.gz", (8 << 20) - 1).ok());
}

TEST(Zip, GivesBackTheOnlyFile) {
  const auto entry = ReadZipEntry(ZipForTest({{"spy.csv", SomeText()}}), "spy.zip", "", kPlenty);
  ASSERT_TRUE(entry.ok()) << entry.error().ToString();
  EXPECT_EQ(entry->name, "spy.csv");
  EXPECT_EQ(entry->bytes, SomeText());
}

TEST(Zip, OneOfSeveralMustBeChosen) {
  const std::string packed = ZipForTest({{"march.csv", "m"}, {"april.csv", "a"}});
  const auto unclear = ReadZipEntry(packed, "gc.zip", "", kPlenty);
  ASSERT_FALSE(unclear.ok());
  EXPECT_THAT(unclear.error().ToString(),
              HasSubstr("gc.zip: the zip holds 2 files, choose one of march.csv, april.csv"));
  const auto chosen = ReadZipEntry(packed, "gc.zip", "april.csv", kPlenty);
  ASSERT_TRUE(chosen.ok());
  EXPECT_EQ(chosen->bytes, "a");
  const auto missing = ReadZipEntry(packed, "gc.zip", "may.csv", kPlenty);
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.error().code, ErrorCode::kNotFound);
}

TEST(Zip, EveryTruncationIsRefusedByName) {
  const std::string packed = ZipForTest({{"spy.csv", SomeText()}});
  for (std::size_t n = 4; n < packed.size(); ++n) {
    const auto entry = ReadZipEntry(packed.substr(0, n), "spy.zip", "", kPlenty);
    ASSERT_FALSE(entry.ok()) << n;
    EXPECT_THAT(entry.error().ToString(), HasSubstr("spy.zip: truncated or damaged zip")) << n;
  }
}

TEST(Zip, ChecksumIsChecked) {
  std::string packed = ZipForTest({{"spy.csv", SomeText()}});
  const std::size_t data = 30 + 7 + 40;  // local header, name, some way into the data
  packed[data] ^= 0x10;
  const auto entry = ReadZipEntry(packed, "spy.zip", "", kPlenty);
  ASSERT_FALSE(entry.ok());
  EXPECT_THAT(entry.error().ToString(), HasSubstr("damaged zip"));
}

TEST(Zip, BombIsBounded) {
  const std::string packed = ZipForTest({{"bomb.csv", std::string(8 << 20, 'x')}});
  const auto entry = ReadZipEntry(packed, "bomb.zip", "", kPlenty);
  ASSERT_FALSE(entry.ok());
  EXPECT_THAT(entry.error().ToString(), HasSubstr("unpacks to more than 1048576 bytes"));
}

TEST(PackedFile, ContentDecidesNotTheName) {
  const auto plain = ParseBars(SomeText(), "bars.bin");
  const auto gzip = ParseBars(GzipForTest(SomeText()), "bars.bin");
  const auto zip = ParseBars(ZipForTest({{"spy.csv", SomeText()}}), "bars.bin");
  ASSERT_TRUE(plain.ok() && gzip.ok() && zip.ok());
  EXPECT_EQ(plain->fingerprint, gzip->fingerprint);
  EXPECT_EQ(plain->fingerprint, zip->fingerprint);
  EXPECT_EQ(plain->bars.size(), 19U);
}

}  // namespace
}  // namespace hone
