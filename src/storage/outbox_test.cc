#include "storage/outbox.h"

#include <gtest/gtest.h>

#include "storage/database.h"
#include "storage/testing/temporary_folder.h"

namespace hone {
namespace {

std::unique_ptr<Database> Open(const TemporaryFolder& folder) {
  auto database = Database::Open(folder / "out.db").value();
  EXPECT_TRUE(Migrate(*database, OutboxMigrations(), "test").ok());
  return database;
}

std::vector<std::string> Bodies(Outbox& outbox, const char* channel, Time now, std::size_t most = 100) {
  std::vector<std::string> bodies;
  const std::vector<OutboxMessage> due = outbox.Due(channel, now, most).value();
  for (const OutboxMessage& message : due) bodies.push_back(message.body);
  return bodies;
}

using Texts = std::vector<std::string>;

TEST(Outbox, KeepsMessagesOfAChannelInTheirOrderUntilTheyAreRemoved) {
  const TemporaryFolder folder;
  {
    const auto database = Open(folder);
    Outbox outbox(*database);
    for (const char* body : {"a", "b", "c"}) ASSERT_TRUE(outbox.Put("chat", body, 10).ok());
    ASSERT_TRUE(outbox.Put("pager", "d", 10).ok());
  }
  const auto database = Open(folder);  // as after a kill
  Outbox outbox(*database);
  EXPECT_EQ(Bodies(outbox, "chat", 10), (Texts{"a", "b", "c"}));
  EXPECT_EQ(Bodies(outbox, "chat", 10, 2), (Texts{"a", "b"}));
  EXPECT_EQ(Bodies(outbox, "chat", 9), Texts{});
  ASSERT_TRUE(outbox.Remove(outbox.Due("chat", 10, 1)->at(0).number).ok());
  EXPECT_EQ(Bodies(outbox, "chat", 10), (Texts{"b", "c"}));
  EXPECT_EQ(*outbox.Count("chat"), 2);
  EXPECT_EQ(*outbox.Count("pager"), 1);
  EXPECT_EQ(*outbox.Count("none"), 0);
}

TEST(Outbox, WhatFailedIsDueLaterAndKnowsHowOften) {
  const TemporaryFolder folder;
  const auto database = Open(folder);
  Outbox outbox(*database);
  ASSERT_TRUE(outbox.Put("chat", "a", 10).ok());
  ASSERT_TRUE(outbox.Put("chat", "b", 20).ok());
  ASSERT_TRUE(outbox.Defer(outbox.Due("chat", 20, 1)->at(0).number, 50).ok());
  EXPECT_EQ(Bodies(outbox, "chat", 49), Texts{"b"});
  const auto due = outbox.Due("chat", 50, 9).value();
  ASSERT_EQ(due.size(), 2U);
  EXPECT_EQ(due[0].body, "a");
  EXPECT_EQ(due[0].attempts, 1);
  EXPECT_EQ(due[0].put, 10);
  EXPECT_EQ(due[1].attempts, 0);
  EXPECT_EQ(*outbox.RemoveBefore("chat", 20), 1);
  EXPECT_EQ(Bodies(outbox, "chat", 50), Texts{"b"});
}

// Told and to be sent, or neither.
TEST(Outbox, APutIsPartOfTheTransaction) {
  const TemporaryFolder folder;
  const auto database = Open(folder);
  Outbox outbox(*database);
  {
    auto transaction = Transaction::Begin(*database);
    ASSERT_TRUE(transaction.ok());
    ASSERT_TRUE(outbox.Put("chat", "a", 10).ok());
  }
  EXPECT_EQ(*outbox.Count("chat"), 0);
}

}  // namespace
}  // namespace hone
