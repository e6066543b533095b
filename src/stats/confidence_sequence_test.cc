#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"
#include "stats/asymptotic_confidence_sequence.h"
#include "stats/betting_confidence_sequence.h"

namespace hone {
namespace {

TEST(AsymptoticConfidenceSequence, IsTheFormula) {
  AsymptoticConfidenceSequence sequence(0.05, 100);
  EXPECT_TRUE(std::isinf(sequence.interval().low));
  for (int i = 0; i < 100; ++i) sequence.Add(i % 2);
  const double log_term = -2 * std::log(0.05), rho2 = (log_term + std::log(log_term + 1)) / 100;
  const double half = std::sqrt(0.25 * 100 / 99) *
                      std::sqrt(2 * (100 * rho2 + 1) / (1e4 * rho2) * std::log(std::sqrt(100 * rho2 + 1) / 0.05));
  EXPECT_NEAR(sequence.interval().low, 0.5 - half, 1e-12);
  EXPECT_NEAR(sequence.interval().high, 0.5 + half, 1e-12);
}

// Looking at every row from 50 on must exclude the true mean in no more than alpha of the runs; a fixed-n interval does
// so in far more.
TEST(AsymptoticConfidenceSequence, HoldsAtAllTimesAtOnce) {
  int missed = 0, fixed_missed = 0;
  constexpr int kRuns = 500;
  for (int run = 0; run < kRuns; ++run) {
    Random random(static_cast<std::uint64_t>(run));
    AsymptoticConfidenceSequence sequence(0.05, 200);
    bool out = false, fixed_out = false;
    for (int i = 1; i <= 1000; ++i) {
      sequence.Add(random.Normal());
      if (i < 50) continue;
      out = out || !sequence.interval().Contains(0);
      fixed_out = fixed_out || std::abs(sequence.moments().mean()) > 1.96 / std::sqrt(i);
    }
    missed += out;
    fixed_missed += fixed_out;
  }
  EXPECT_LE(missed / static_cast<double>(kRuns), 0.07);
  EXPECT_GT(fixed_missed / static_cast<double>(kRuns), 0.15);
}

TEST(BettingConfidenceSequence, HoldsAtAllTimesAtOnceAndCloses) {
  int missed = 0;
  double width = 0;
  constexpr int kRuns = 200;
  for (int run = 0; run < kRuns; ++run) {
    Random random(static_cast<std::uint64_t>(run));
    BettingConfidenceSequence sequence(0.05);
    for (int i = 0; i < 500; ++i) sequence.Add(random.Uniform() < 0.55 ? 1 : 0);
    missed += !sequence.interval().Contains(0.55);
    width += sequence.interval().width() / kRuns;
  }
  EXPECT_LE(missed / static_cast<double>(kRuns), 0.08);
  EXPECT_LT(width, 0.22);
}

TEST(BettingConfidenceSequence, StaysWithinZeroAndOneForOneSidedRows) {
  BettingConfidenceSequence sequence(0.05, 100);
  EXPECT_EQ(sequence.mean(), 0.5);
  for (int i = 0; i < 300; ++i) sequence.Add(5);
  EXPECT_EQ(sequence.mean(), 1);
  EXPECT_EQ(sequence.interval().high, 1);
  EXPECT_GT(sequence.interval().low, 0.9);
}

}  // namespace
}  // namespace hone
