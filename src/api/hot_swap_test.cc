#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include "api/testing/served_models_test.h"
#include "api/testing/version_changes.h"

namespace hone::testing_api {
namespace {

constexpr int kChanges = 400, kClients = 4;

TEST(HotSwap, EveryAnswerIsOfTheVersionItNamesAndOfOneThatWasActive) {
  ServedModels served(1 << 14, true, 2);
  HttpClient operations("127.0.0.1", served.server().port());
  VersionChanges changes("swap", kChanges);
  ASSERT_TRUE(changes.Next(operations).ok());

  std::atomic<bool> done{false};
  std::vector<std::unique_ptr<VersionWitness>> witnesses;
  std::vector<std::thread> threads;
  for (int i = 0; i < kClients; ++i) {
    VersionWitness* witness =
        witnesses.emplace_back(std::make_unique<VersionWitness>(served.server().port(), changes)).get();
    threads.emplace_back([witness, &done] {
      while (!done && witness->wrong().empty()) witness->Ask();
    });
  }
  Status changed = OkStatus();
  while (changed.ok() && !changes.done()) changed = changes.Next(operations);
  done = true;
  for (std::thread& thread : threads) thread.join();

  EXPECT_TRUE(changed.ok()) << changed.error().ToString();
  for (const auto& witness : witnesses) {
    EXPECT_EQ(witness->wrong(), "");
    EXPECT_GT(witness->answers(), 16);
  }
}

}  // namespace
}  // namespace hone::testing_api
