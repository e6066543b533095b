#include "rollout/anchor_guard.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/random.h"
#include "rollout/correlated_losses_for_test.h"

namespace hone {
namespace {

TEST(AnchorGuard, PassesOverWhatIsNoNumber) {
  AnchorGuard guard(1, 0.05, 0.05);
  EXPECT_FALSE(guard.Add(std::numeric_limits<double>::quiet_NaN(), 1));
  EXPECT_FALSE(guard.Add(1, std::numeric_limits<double>::infinity()));
  EXPECT_EQ(guard.rows(), 0);
}

TEST(AnchorGuard, ToleratesTheMarginAndNoMore) {
  for (const double ratio : {1.03, 1.2}) {
    Random random(3);
    AnchorGuard guard(1, 0.05, 0.05);
    bool harm = false;
    for (int row = 0; row < 1000 && !harm; ++row) {
      const double loss = 1 + 0.2 * random.Uniform();
      harm = guard.Add(ratio * loss + 0.02 * random.Normal(), loss).has_value();
    }
    EXPECT_EQ(harm, ratio > 1.05) << ratio;
  }
}

TEST(AnchorGuard, RestoredGuardGoesOnAndARestartForgets) {
  AnchorGuard guard(1, 0.05, 0.05), restored(1, 0.05, 0.05);
  for (int row = 0; row < 20; ++row) guard.Add(1.5 + 0.01 * (row % 3), 1);
  restored.Restore(guard.state());
  for (int row = 0; row < 20; ++row) EXPECT_EQ(guard.Add(1.5, 1).has_value(), restored.Add(1.5, 1).has_value());
  guard.Restart();
  EXPECT_EQ(guard.rows(), 0);
}

// Forecaster 0: champion, 1: anchor.
TEST(AnchorGuardSimulation, AnEqualChampionIsSeldomTakenBack) {
  constexpr int kRuns = 500;
  int harms = 0;
  for (std::uint64_t run = 0; run < kRuns; ++run) {
    Random random(100 + run);
    CorrelatedLosses losses(2, 5, random, 0.9);
    AnchorGuard guard(5, 0.05, 0.05);
    bool harm = false;
    for (int row = 0; row < 3000 && !harm; ++row) {
      const std::vector<double>& all = losses.Next();
      harm = guard.Add(all[0], all[1]).has_value();
    }
    harms += harm;
  }
  EXPECT_LE(harms, 0.01 * kRuns);
}

// A chain of refreshes every 252 rows, each with a mean squared error 1 % above the one before.
TEST(AnchorGuardSimulation, ARatchetOfSmallLossesIsStopped) {
  for (const int horizon : {1, 5}) {
    double highest = 1;
    for (std::uint64_t run = 0; run < 20; ++run) {
      Random random(800 + run);
      CorrelatedLosses losses(2, horizon, random, 0.97);
      AnchorGuard guard(horizon, 0.05, 0.05);
      double ratio = 1;
      bool harm = false;
      for (int refresh = 0; refresh < 60 && !harm; ++refresh) {
        ratio *= 1.01;
        losses.SetRatio(0, ratio);
        for (int row = 0; row < 252 && !harm; ++row) {
          const std::vector<double>& all = losses.Next();
          harm = guard.Add(all[0], all[1]).has_value();
        }
      }
      highest = std::max(highest, ratio);
    }
    RecordProperty("highest_" + std::to_string(horizon), std::to_string(highest));
    EXPECT_LE(highest, horizon == 1 ? 1.3 : 1.45) << "horizon " << horizon;
  }
}

}  // namespace
}  // namespace hone
