// The verdict on an A/B test's losses, in docs/reference/experiments.md: how often equal arms win or lose, looked at
// whenever a look is due, and how many units a better one takes.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "rollout/correlated_losses_for_test.h"
#include "rollout/split_comparison.h"

namespace hone {
namespace {

constexpr double kSplitAlpha = 0.05;

// Squared errors whose size drifts with the market: both arms meet the same hours.
class DriftingLosses {
 public:
  DriftingLosses(double ratio, std::uint64_t seed) : random_(seed), ratio_(ratio) {}
  double Next(bool challenger) {
    level_ = 0.98 * level_ + 0.2 * random_.Normal() * std::sqrt(1 - 0.98 * 0.98);
    const double error = random_.Normal() * std::exp(level_);
    return error * error * (challenger ? ratio_ : 1);
  }
  Random& random() { return random_; }

 private:
  Random random_;
  double ratio_, level_ = 0;
};

struct AbRun {
  Verdict verdict = Verdict::kNoData;
  std::int64_t units = 0;
};

AbRun RunTest(double share, double ratio, int horizon, int units, std::uint64_t seed) {
  TrialTerms terms;
  terms.horizon = horizon;
  terms.alpha = kSplitAlpha;
  SplitComparison comparison(terms, share);
  DriftingLosses losses(ratio, seed);
  for (int unit = 1; unit <= units; ++unit) {
    const bool challenger = losses.random().Uniform() < share;
    comparison.Add(challenger, losses.Next(challenger));
    const TrialAnswer answer = comparison.Answer();
    if (answer.row > 0) return {answer.judgement.verdict, unit};
  }
  return {Verdict::kHold, units + 1};
}

TEST(SplitComparisonSimulation, EqualArmsSeldomWinOrLose) {
  constexpr int kTrials = 600;
  for (const auto& [share, horizon] : std::vector<std::pair<double, int>>{{0.5, 1}, {0.1, 1}, {0.9, 1}, {0.5, 5}}) {
    const int units = share == 0.5 ? 1500 : 5000;
    int won = 0, lost = 0;
    for (std::uint64_t run = 0; run < kTrials; ++run) {
      const Verdict verdict = RunTest(share, 1, horizon, units, 70 + run).verdict;
      won += verdict == Verdict::kAdvance;
      lost += verdict == Verdict::kRollBack;
    }
    EXPECT_LE(static_cast<double>(won) / kTrials, WithinMonteCarlo(kSplitAlpha, kTrials)) << share << ' ' << horizon;
    EXPECT_LE(static_cast<double>(lost) / kTrials, WithinMonteCarlo(kSplitAlpha, kTrials)) << share << ' ' << horizon;
    const std::string name = std::to_string(share) + "_" + std::to_string(horizon);
    RecordProperty("won_" + name, won);
    RecordProperty("lost_" + name, lost);
  }
}

TEST(SplitComparisonSimulation, AMuchBetterChallengerWinsInTime) {
  constexpr int kTrials = 101;
  for (const double ratio : {0.5, 0.7}) {
    std::vector<std::int64_t> units;
    for (std::uint64_t run = 0; run < kTrials; ++run) {
      const AbRun ended = RunTest(0.5, ratio, 1, 6000, 700 + run);
      EXPECT_NE(ended.verdict, Verdict::kRollBack);
      units.push_back(ended.units);
    }
    std::ranges::nth_element(units, units.begin() + kTrials / 2);
    EXPECT_LE(units[kTrials / 2], ratio < 0.6 ? 700 : 2500) << ratio;
    RecordProperty("median_" + std::to_string(ratio), static_cast<int>(units[kTrials / 2]));
  }
}

}  // namespace
}  // namespace hone
