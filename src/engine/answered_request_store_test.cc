#include "engine/answered_request_store.h"

#include <gtest/gtest.h>

#include "engine/live_store.h"
#include "storage/testing/temporary_folder.h"

namespace hone {
namespace {

constexpr Time kNow = 400 * kDay;

TEST(AnsweredRequestStore, TellsTheAnswerForADay) {
  const TemporaryFolder folder;
  const auto store = LiveStore::Open(folder.path()).value();
  ASSERT_TRUE(store->answered.Add({"one", "print", "{}", kNow}).ok());
  const auto found = store->answered.Find("one", kNow + AnsweredRequestStore::kLifetime);
  ASSERT_TRUE(found.ok() && found->has_value());
  EXPECT_EQ((*found)->fingerprint, "print");
  EXPECT_EQ((*found)->answer, "{}");
  EXPECT_FALSE(store->answered.Find("one", kNow + AnsweredRequestStore::kLifetime + 1)->has_value());
  EXPECT_FALSE(store->answered.Find("two", kNow)->has_value());
}

TEST(AnsweredRequestStore, ForgetsWhatIsTooOldOrTooMuch) {
  const TemporaryFolder folder;
  const auto store = LiveStore::Open(folder.path()).value();
  const auto rows = [&] { return store->database->QueryInt("SELECT count(*) FROM answered_requests").value(); };
  ASSERT_TRUE(store->answered.Add({"old", "print", "{}", kNow - kDay - 1}).ok());
  Transaction transaction = Transaction::Begin(*store->database).value();
  ASSERT_TRUE(store->answered.Add({"first", "print", "{}", kNow}).ok());
  EXPECT_EQ(rows(), 1);
  for (std::int64_t i = 1; i < AnsweredRequestStore::kMost; ++i) {
    ASSERT_TRUE(store->answered.Add({std::to_string(i), "print", "{}", kNow}).ok());
  }
  ASSERT_TRUE(store->answered.Find("first", kNow)->has_value());
  ASSERT_TRUE(store->answered.Add({"last", "print", "{}", kNow}).ok());
  EXPECT_FALSE(store->answered.Find("first", kNow)->has_value());
  EXPECT_TRUE(store->answered.Find("1", kNow)->has_value());
  EXPECT_EQ(rows(), AnsweredRequestStore::kMost);
}

}  // namespace
}  // namespace hone
