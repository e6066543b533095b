#include "base/id.h"

#include <gtest/gtest.h>

#include <set>
#include <unordered_set>

namespace hone {
namespace {

const Time kNow = 1'221'436'800'123 * kMillisecond;

TEST(Id, HasTheShapeOfUuidVersion7) {
  IdGenerator ids(1);
  const std::string text = ids.Next(kNow).ToString();
  ASSERT_EQ(text.size(), 36U);
  EXPECT_EQ(text.substr(0, 15), "011c634e-7c7b-7");  // 0x011c634e7c7b = 1221436800123
  EXPECT_NE(std::string("89ab").find(text[19]), std::string::npos);
}

TEST(Id, TextAndIdAreEachOthersInverse) {
  IdGenerator ids(2);
  for (int i = 0; i < 1000; ++i) {
    const Id id = ids.Next(kNow + i * kSecond);
    ASSERT_EQ(*ParseId(id.ToString()), id);
    ASSERT_EQ(id.time(), kNow + i * kSecond);
  }
  EXPECT_EQ(*ParseId("011C6338-107B-7000-8000-000000000001"), *ParseId("011c6338-107b-7000-8000-000000000001"));
}

TEST(Id, StrictlyIncreasesThoughTheClockStandsOrGoesBack) {
  IdGenerator ids(3);
  Id previous = ids.Next(kNow);
  for (int i = 0; i < 100'000; ++i) {
    const Id id = ids.Next(kNow - (i % 3) * kSecond + (i / 1000) * kMillisecond);
    ASSERT_LT(previous, id);
    previous = id;
  }
}

TEST(Id, ClampsTimesBeforeTheEpoch) {
  IdGenerator ids(4);
  EXPECT_EQ(ids.Next(-kDay).time(), 0);
}

TEST(Id, SameSeedSameIdsOtherSeedOtherIds) {
  IdGenerator a(5);
  IdGenerator b(5);
  IdGenerator c(6);
  const Id id = a.Next(kNow);
  EXPECT_EQ(id, b.Next(kNow));
  EXPECT_NE(id, c.Next(kNow));
}

TEST(Id, RefusesWhatIsNoId) {
  for (const char* text :
       {"", "011c6338", "011c6338-107b-7000-8000-00000000000", "011c6338-107b-7000-8000-0000000000001",
        "011c6338+107b-7000-8000-000000000001", "011c6338-107b-7000-8000-00000000000g"}) {
    EXPECT_FALSE(ParseId(text).ok()) << text;
  }
}

TEST(Id, HashesDiffer) {
  IdGenerator ids(7);
  std::set<std::size_t> hashes;
  std::unordered_set<Id> set;
  for (int i = 0; i < 10'000; ++i) {
    const Id id = ids.Next(kNow);
    hashes.insert(std::hash<Id>()(id));
    set.insert(id);
  }
  EXPECT_GT(hashes.size(), 9'990U);
  EXPECT_EQ(set.size(), 10'000U);
}

}  // namespace
}  // namespace hone
