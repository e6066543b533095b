#include "base/executor.h"

#include <gtest/gtest.h>

#include <atomic>
#include <numeric>
#include <thread>
#include <vector>

namespace hone {
namespace {

TEST(Executor, InlineRunsInsideSubmit) {
  const auto executor = MakeInlineExecutor();
  bool ran = false;
  executor->Submit([&] { ran = true; });
  EXPECT_TRUE(ran);
  EXPECT_EQ(executor->parallelism(), 1);
}

TEST(Executor, APoolFinishesWhatIsQueuedBeforeItEnds) {
  std::atomic<int> done{0};
  {
    const auto pool = MakeThreadPool(3);
    EXPECT_EQ(pool->parallelism(), 3);
    for (int i = 0; i < 1000; ++i) pool->Submit([&] { ++done; });
  }
  EXPECT_EQ(done, 1000);
}

TEST(Executor, AnIdlePoolEnds) { const auto pool = MakeThreadPool(2); }

TEST(Executor, ParallelForRunsEachIndexOnce) {
  const auto pool = MakeThreadPool(4);
  for (const int count : {0, 1, 3, 1000}) {
    std::vector<int> hits(static_cast<std::size_t>(count));
    ParallelFor(*pool, count, [&](int i) { ++hits[static_cast<std::size_t>(i)]; });
    EXPECT_EQ(std::accumulate(hits.begin(), hits.end(), 0), count);
    for (const int hit : hits) EXPECT_EQ(hit, 1);
  }
}

TEST(Executor, ParallelForUsesTheWholePool) {
  const auto pool = MakeThreadPool(2);
  std::atomic<int> inside{0};
  // Each body waits for the other: it ends only when two run at once.
  ParallelFor(*pool, 2, [&](int) {
    ++inside;
    while (inside < 2) std::this_thread::yield();
  });
  EXPECT_EQ(inside, 2);
}

TEST(Executor, ParallelForMayBeNested) {
  const auto pool = MakeThreadPool(2);
  std::atomic<int> done{0};
  ParallelFor(*pool, 8, [&](int) { ParallelFor(*pool, 8, [&](int) { ++done; }); });
  EXPECT_EQ(done, 64);
}

}  // namespace
}  // namespace hone
