#include "registry/ab_test_store.h"

#include <gtest/gtest.h>

#include "registry/schema.h"
#include "storage/testing/temporary_folder.h"

namespace hone {
namespace {

class AbTests : public testing::Test {
 protected:
  AbTests() : database_(std::move(Database::Open(folder_ / "hone.db")).value()), store_(*database_) {
    EXPECT_TRUE(Migrate(*database_, RegistryMigrations(), "test").ok());
  }
  static AbTest Test(unsigned char id, Time started, std::vector<AbArm> arms) {
    AbTest test;
    test.id.bytes[15] = id;
    test.model = "vol";
    test.started = started;
    test.salt = 0xffff'ffff'0000'0000ULL + id;
    test.arms = std::move(arms);
    return test;
  }

  const TemporaryFolder folder_;
  const std::unique_ptr<Database> database_;
  AbTestStore store_;
};

TEST_F(AbTests, OneRunsAtATime) {
  EXPECT_FALSE(store_.Running("vol").value().has_value());
  const std::vector<AbArm> arms = {{"1.0.0", 0.25}, {"1.1.0", 0.75}};
  ASSERT_TRUE(store_.Start(Test(1, 100, arms)).ok());
  const auto running = store_.Running("vol").value();
  ASSERT_TRUE(running.has_value());
  EXPECT_EQ(running->arms, arms);
  EXPECT_EQ(running->salt, 0xffff'ffff'0000'0001ULL);
  EXPECT_EQ(running->started, 100);
  EXPECT_EQ(running->ended, std::nullopt);
  EXPECT_FALSE(store_.Running("other").value().has_value());

  ASSERT_TRUE(store_.Start(Test(2, 200, {{"1.0.0", 0.1}, {"2.0.0", 0.9}})).ok());
  EXPECT_EQ(store_.Running("vol").value()->id.bytes[15], 2);
  ASSERT_TRUE(store_.End("vol", 300).ok());
  EXPECT_FALSE(store_.Running("vol").value().has_value());
  ASSERT_TRUE(store_.End("vol", 400).ok()) << "nothing runs, nothing changes";
  const auto all = store_.List("vol").value();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].ended, 300);
  EXPECT_EQ(all[1].ended, 200) << "the next one ended it";
}

TEST_F(AbTests, OneWithADeadlineIsOverdueUntilItEnds) {
  AbTest test = Test(1, 100, {{"1.0.0", 0.5}, {"1.1.0", 0.5}});
  test.deadline = 200;
  ASSERT_TRUE(store_.Start(test).ok());
  EXPECT_EQ(store_.Running("vol").value()->deadline, 200);
  EXPECT_TRUE(store_.Overdue(199).value().empty());
  EXPECT_EQ(store_.Overdue(200).value(), std::vector<std::string>{"vol"});
  ASSERT_TRUE(store_.End("vol", 200).ok());
  EXPECT_TRUE(store_.Overdue(300).value().empty());
  ASSERT_TRUE(store_.Start(Test(2, 300, {{"1.0.0", 0.5}, {"1.1.0", 0.5}})).ok());
  EXPECT_EQ(store_.Running("vol").value()->deadline, std::nullopt);
  EXPECT_TRUE(store_.Overdue(kDay).value().empty()) << "without a deadline";
}

TEST_F(AbTests, ABanditsSharesChangeAndItIsDueByItsMinutes) {
  AbTest test = Test(1, 0, {{"1.0.0", 0.5}, {"1.1.0", 0.5}});
  test.bandit = AbBandit{.algorithm = "exp3", .floor = 0.1, .low = -2, .high = 0, .minutes = 2};
  test.looked = 100 * kSecond;
  ASSERT_TRUE(store_.Start(test).ok());
  EXPECT_EQ(store_.Running("vol").value()->bandit, test.bandit);
  EXPECT_TRUE(store_.DueBandits(219 * kSecond).value().empty());
  EXPECT_EQ(store_.DueBandits(220 * kSecond).value(), std::vector<std::string>{"vol"});
  test.arms = {{"1.0.0", 0.25}, {"1.1.0", 0.75}};
  test.round = 1;
  test.looked = 220 * kSecond;
  ASSERT_TRUE(store_.Share(test).ok());
  const auto running = store_.Running("vol").value();
  EXPECT_EQ(running->arms, test.arms);
  EXPECT_EQ(running->round, 1);
  EXPECT_TRUE(store_.DueBandits(300 * kSecond).value().empty());
}

}  // namespace
}  // namespace hone
