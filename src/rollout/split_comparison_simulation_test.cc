// The verdict on an A/B test's losses, in docs/reference/experiments.md: how often equal arms win or lose, looked at
// whenever a look is due, and how many units a better one takes.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
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

// One live test of several challengers: each is compared with the champion at the level divided by their number, and
// looked at whenever a look is due.
struct ManyArms {
  std::vector<double> shares;  // the champion's first
  std::vector<double> ratios;  // of the challengers' losses
  int horizon = 1, units = 0;
};

struct ManyArmsRun {
  bool false_winner = false;  // an equal one, or a worse one
  std::vector<Verdict> verdicts;
};

ManyArmsRun RunManyArms(const ManyArms& test, std::uint64_t seed) {
  const std::size_t challengers = test.shares.size() - 1;
  TrialTerms terms;
  terms.horizon = test.horizon;
  terms.alpha = kSplitAlpha / static_cast<double>(challengers);
  std::vector<SplitComparison> comparisons;
  for (std::size_t i = 1; i <= challengers; ++i) {
    comparisons.emplace_back(terms, test.shares[i] / (test.shares[0] + test.shares[i]));
  }
  DriftingLosses losses(1, seed);
  for (int unit = 0; unit < test.units; ++unit) {
    double draw = losses.random().Uniform();
    std::size_t arm = 0;
    while (arm < challengers && draw >= test.shares[arm]) draw -= test.shares[arm++];
    const double loss = losses.Next(false) * (arm == 0 ? 1 : test.ratios[arm - 1]);
    for (std::size_t i = 1; i <= challengers; ++i) {
      if (arm == 0 || arm == i) comparisons[i - 1].Add(arm == i, loss);
    }
  }
  ManyArmsRun run;
  for (std::size_t i = 0; i < challengers; ++i) {
    run.verdicts.push_back(comparisons[i].Answer().judgement.verdict);  // that of the row it was decided at, for good
    run.false_winner = run.false_winner || (run.verdicts[i] == Verdict::kAdvance && test.ratios[i] >= 1);
  }
  return run;
}

TEST(SplitComparisonSimulation, OfFourEqualChallengersSeldomAnyWins) {
  constexpr int kTrials = 400;
  const std::vector<double> equal(4, 1.0);
  const std::vector<std::pair<std::string, ManyArms>> tests = {
      {"even", {{0.2, 0.2, 0.2, 0.2, 0.2}, equal, 1, 4000}},
      {"even_horizon_5", {{0.2, 0.2, 0.2, 0.2, 0.2}, equal, 5, 4000}},
      {"champion_60", {{0.6, 0.1, 0.1, 0.1, 0.1}, equal, 1, 6000}},
      {"champion_10", {{0.1, 0.3, 0.2, 0.2, 0.2}, equal, 1, 6000}}};
  for (const auto& [name, test] : tests) {
    int won = 0;
    for (std::uint64_t run = 0; run < kTrials; ++run) won += RunManyArms(test, 5000 + run).false_winner;
    EXPECT_LE(static_cast<double>(won) / kTrials, WithinMonteCarlo(kSplitAlpha, kTrials)) << name;
    RecordProperty("any_won_" + name, won);
  }
}

TEST(SplitComparisonSimulation, OneOfFourIsBetterAndFoundSo) {
  constexpr int kTrials = 60;
  const ManyArms test{{0.2, 0.2, 0.2, 0.2, 0.2}, {1, 0.5, 1, 2}, 1, 4000};
  int found = 0, worse = 0, wrong = 0;
  for (std::uint64_t run = 0; run < kTrials; ++run) {
    const ManyArmsRun ended = RunManyArms(test, 9000 + run);
    found += ended.verdicts[1] == Verdict::kAdvance;
    worse += ended.verdicts[3] == Verdict::kRollBack;
    wrong += ended.false_winner;
  }
  EXPECT_GE(found, kTrials * 9 / 10);
  EXPECT_GE(worse, kTrials * 9 / 10);
  EXPECT_LE(static_cast<double>(wrong) / kTrials, WithinMonteCarlo(kSplitAlpha, kTrials));
  RecordProperty("found", found);
  RecordProperty("worse", worse);
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
