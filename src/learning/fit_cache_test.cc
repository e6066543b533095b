#include "learning/fit_cache.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "learning/learners.h"
#include "learning/test_rows.h"

namespace hone {
namespace {

std::vector<Recipe> CachedRecipes() {
  std::vector<Recipe> recipes = {
      {.name = "levels", .learner = "ridge", .features = {"f0", "f2"}},
      {.name = "recent", .learner = "ridge", .features = {"f1", "f2"}, .window_rows = 100},
      {.name = "both", .learner = "mean", .members = {"levels", "recent"}},
  };
  if (FindLearner("lightgbm") != nullptr) {
    recipes.push_back({.name = "trees", .learner = "lightgbm", .features = {"f0", "f1"}});
    recipes[2].members.push_back("trees");
  }
  return recipes;
}

std::vector<FitRequest> Requests() {
  std::vector<FitRequest> requests;
  for (std::size_t end = 200; end <= 600; end += 50) {
    for (const Recipe& recipe : CachedRecipes()) requests.push_back({recipe.name, 0, end, 1, nullptr});
  }
  return requests;
}

std::string AllBytes(const std::vector<FitPointer>& fits) {
  std::string bytes;
  for (const FitPointer& fit : fits) {
    EXPECT_TRUE(fit->ok());
    for (const FittedPiece& piece : (*fit)->pieces) bytes += piece.recipe + piece.bytes;
  }
  return bytes;
}

TEST(FitCache, ParallelFitsComeBackInOrderWithTheBytesOfSerialOnes) {
  const Dataset data = MakeTestRows(600, 3, 1);
  const auto inline_executor = MakeInlineExecutor();
  const auto pool = MakeThreadPool(4);
  FitCache serial(data, CachedRecipes(), *inline_executor), parallel(data, CachedRecipes(), *pool);
  const std::vector<FitRequest> requests = Requests();
  EXPECT_EQ(AllBytes(serial.FitAll(requests)), AllBytes(parallel.FitAll(requests)));
}

TEST(FitCache, EachFitIsComputedOnceAndAMeanReusesItsMembers) {
  const Dataset data = MakeTestRows(600, 3, 1);
  const auto pool = MakeThreadPool(3);
  FitCache cache(data, CachedRecipes(), *pool);
  const std::vector<FitRequest> requests = Requests();
  const auto first = cache.FitAll(requests);
  const auto again = cache.FitAll(requests);
  EXPECT_EQ(cache.computed(), 9 * (CachedRecipes().size() - 1));
  EXPECT_EQ(AllBytes(first), AllBytes(again));
  EXPECT_EQ(first[0], again[0]);
}

TEST(FitCache, SeedRowsAndReplacementAreDifferentFits) {
  const Dataset data = MakeTestRows(300, 3, 1);
  const auto executor = MakeInlineExecutor();
  FitCache cache(data, CachedRecipes(), *executor);
  auto shuffled = std::make_shared<Dataset>(data);
  Random random(3);
  Shuffle(shuffled->y, random);
  const FitPointer plain = cache.Get({"levels", 0, 300, 1, nullptr});
  const FitPointer other = cache.Get({"levels", 0, 300, 1, shuffled});
  ASSERT_TRUE(plain->ok() && other->ok());
  EXPECT_NE((*plain)->pieces[0].bytes, (*other)->pieces[0].bytes);
  cache.Get({"levels", 0, 300, 2, nullptr});
  cache.Get({"levels", 1, 300, 1, nullptr});
  EXPECT_EQ(cache.computed(), 4U);
}

TEST(FitCache, ErrorsAreMemoisedAndNameTheRecipe) {
  const Dataset data = MakeTestRows(300, 3, 1);
  const auto executor = MakeInlineExecutor();
  FitCache cache(data, CachedRecipes(), *executor);
  const FitPointer few = cache.Get({"both", 0, 20, 1, nullptr});
  ASSERT_FALSE(few->ok());
  EXPECT_NE(few->error().message.find("levels"), std::string::npos);
  const FitPointer unknown = cache.Get({"nothing", 0, 300, 1, nullptr});
  ASSERT_FALSE(unknown->ok());
  EXPECT_EQ(unknown->error().key, "nothing");
}

// An executor that never runs anything: whoever asks must compute.
class IdleExecutor final : public Executor {
 public:
  void Submit(std::function<void()> task) override { tasks.push_back(std::move(task)); }
  int parallelism() const override { return 1; }
  std::vector<std::function<void()>> tasks;
};

TEST(FitCache, GettingNeverWaitsForAWorkerThatDoesNotCome) {
  const Dataset data = MakeTestRows(300, 3, 1);
  IdleExecutor idle;
  FitCache cache(data, CachedRecipes(), idle);
  const FitRequest mean{"both", 0, 300, 1, nullptr};
  EXPECT_EQ(cache.FitAll({&mean, 1}).size(), 1U);
  const FitRequest more{"levels", 0, 250, 1, nullptr};
  cache.Prefetch({&more, 1});
  cache.Drain();
  EXPECT_EQ(cache.computed(), CachedRecipes().size());
  for (const auto& task : idle.tasks) task();
  EXPECT_EQ(cache.computed(), CachedRecipes().size());
}

TEST(FitCache, TasksThatOutliveTheCacheDoNothing) {
  IdleExecutor idle;
  {
    const Dataset data = MakeTestRows(300, 3, 1);
    FitCache cache(data, CachedRecipes(), idle);
    cache.Prefetch(Requests());
  }
  EXPECT_FALSE(idle.tasks.empty());
  for (const auto& task : idle.tasks) task();
}

TEST(FitCache, ManyThreadsMayAskAtOnce) {
  const Dataset data = MakeTestRows(600, 3, 1);
  const auto pool = MakeThreadPool(2);
  FitCache cache(data, CachedRecipes(), *pool);
  const std::vector<FitRequest> requests = Requests();
  std::vector<std::string> bytes(4);
  std::vector<std::thread> threads;
  for (std::string& mine : bytes) threads.emplace_back([&] { mine = AllBytes(cache.FitAll(requests)); });
  for (std::thread& thread : threads) thread.join();
  for (const std::string& mine : bytes) EXPECT_EQ(mine, bytes[0]);
  EXPECT_EQ(cache.computed(), 9 * (CachedRecipes().size() - 1));
}

}  // namespace
}  // namespace hone
