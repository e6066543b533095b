#include "rollout/split_watch.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"

namespace hone {
namespace {

Assignment To(std::uint8_t arm, std::uint64_t unit = 0) {
  Assignment assignment;
  assignment.split = 1;
  assignment.unit = unit;
  assignment.arm = arm;
  assignment.timed = true;
  return assignment;
}

SplitTerms Halves() { return {.shares = {0.5, 0.5}}; }

TEST(CountedUnits, ARequestWithoutAKeyCountsAndAKeyCountsOnce) {
  CountedUnits counted;
  EXPECT_TRUE(counted.Take(0));
  EXPECT_TRUE(counted.Take(0));
  EXPECT_TRUE(counted.Take(7));
  EXPECT_FALSE(counted.Take(7));
  EXPECT_TRUE(counted.Take(8));
}

TEST(CountedUnits, MemoryIsBoundedAndNoKeyCountsTwice) {
  constexpr std::size_t kCapacity = 256;
  CountedUnits counted(kCapacity);
  Random random(3);
  std::vector<std::uint64_t> units(100'000);
  for (std::uint64_t& unit : units) unit = random.Next() | (std::uint64_t{1} << 63);
  std::int64_t first = 0, second = 0;
  for (const std::uint64_t unit : units) first += counted.Take(unit);
  for (const std::uint64_t unit : units) second += counted.Take(unit);
  EXPECT_LE(counted.remembered(), kCapacity);
  EXPECT_EQ(second, 0);
  EXPECT_NEAR(static_cast<double>(first), kCapacity * (1 + std::log2(100'000.0 / kCapacity) / 2), 0.15 * kCapacity * 5);
}

TEST(CountedUnits, WhatWasRememberedComesBackWithItsLevel) {
  CountedUnits counted(64), restored(64);
  std::vector<std::uint64_t> saved;
  Random random(4);
  for (int i = 0; i < 3000; ++i) {
    counted.Take(random.Next() | 1ULL << 63);
    for (const std::uint64_t unit : counted.TakeNew()) saved.push_back(unit);
  }
  restored.Restore(saved);
  EXPECT_EQ(restored.level(), counted.level());
  EXPECT_EQ(restored.remembered(), counted.remembered());
  for (int i = 0; i < 3000; ++i) {
    const std::uint64_t unit = random.Next();
    ASSERT_EQ(restored.Take(unit), counted.Take(unit));
  }
}

TEST(SplitWatch, CountsRequestsAndUnitsApart) {
  SplitWatch watch(Halves());
  EXPECT_TRUE(watch.Take(To(0, 5), 0));
  EXPECT_FALSE(watch.Take(To(0, 5), 0));
  EXPECT_TRUE(watch.Take(To(1), 0));
  EXPECT_FALSE(watch.Take(To(2), 0)) << "there is no such arm";
  EXPECT_EQ(watch.requests(0), 2);
  EXPECT_EQ(watch.units().count(0), 1);
  EXPECT_EQ(watch.units().count(1), 1);
}

TEST(SplitWatch, AMismatchIsProvenWhereOneArmGetsAllKeys) {
  SplitWatch watch(Halves());
  for (std::uint64_t key = 1; !watch.mismatch() && key < 1000; ++key) watch.Take(To(0, key), 0);
  EXPECT_TRUE(watch.mismatch());
  EXPECT_LE(watch.units().units(), 50);
  // A thousand requests of one key say what one says.
  SplitWatch one_key(Halves());
  for (int i = 0; i < 1000; ++i) one_key.Take(To(0, 9), 0);
  EXPECT_FALSE(one_key.mismatch());
  EXPECT_EQ(one_key.units().units(), 1);
}

TEST(SplitWatch, AGuardrailBreaksByFailuresOrLateAnswersOfTheChallengerAlone) {
  const auto run = [](bool failing_champion) {
    SplitWatch watch(Halves());
    for (int i = 0; i < 400; ++i) {
      Assignment assignment = To(static_cast<std::uint8_t>(i % 2));
      assignment.failed = i % 2 == (failing_champion ? 0 : 1) && i % 5 == 0;
      watch.Take(assignment, i % 2 == 1 && i % 3 == 0 ? 20 * kMillisecond : kMillisecond);
    }
    return watch;
  };
  const SplitWatch watch = run(false);
  EXPECT_TRUE(watch.broken(Guardrail::kErrors, 1));
  EXPECT_TRUE(watch.broken(Guardrail::kLatency, 1));
  EXPECT_FALSE(watch.mismatch());
  EXPECT_FALSE(run(true).broken(Guardrail::kErrors, 1));
}

TEST(SplitWatch, ALatencyThatIsABatchsSaysNothing) {
  SplitWatch watch(Halves());
  for (int i = 0; i < 400; ++i) {
    Assignment assignment = To(static_cast<std::uint8_t>(i % 2));
    assignment.timed = false;
    watch.Take(assignment, i % 2 == 1 ? kSecond : 0);
  }
  EXPECT_FALSE(watch.broken(Guardrail::kLatency, 1));
  EXPECT_EQ(watch.guard(Guardrail::kLatency, 1).units(true), 0);
}

// Of three arms each challenger is compared with the champion alone.
TEST(SplitWatch, OnlyTheChallengerThatFailsBreaksItsGuardrail) {
  SplitWatch watch({.shares = {0.5, 0.25, 0.25}});
  for (int i = 0; i < 2000; ++i) {
    Assignment assignment = To(static_cast<std::uint8_t>(i % 4 < 2 ? 0 : i % 4 - 1));
    assignment.failed = assignment.arm == 2 && i % 8 == 3;
    watch.Take(assignment, 0);
  }
  EXPECT_FALSE(watch.broken(Guardrail::kErrors, 1));
  EXPECT_TRUE(watch.broken(Guardrail::kErrors, 2));
}

TEST(SplitWatch, GoesOnAfterACheckpoint) {
  SplitWatch whole(Halves());
  for (std::uint64_t i = 1; i < 100; ++i) whole.Take(To(i % 3 == 0, i), 0);
  SplitWatch restored(Halves());
  restored.Restore(whole.state());
  EXPECT_EQ(restored.units().log_peak(), whole.units().log_peak());
  EXPECT_EQ(restored.requests(1), whole.requests(1));
  EXPECT_EQ(restored.guard(Guardrail::kErrors, 1).units(true), whole.guard(Guardrail::kErrors, 1).units(true));
}

}  // namespace
}  // namespace hone
