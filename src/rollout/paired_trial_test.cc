#include "rollout/paired_trial.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "base/random.h"

namespace hone {
namespace {

// Champion's and challengers' losses of rows that share noise; `gains` are the challengers'.
PairedTrial Tried(const TrialTerms& terms, const std::vector<double>& gains, int rows, std::uint64_t seed) {
  Random random(seed);
  PairedTrial trial(terms, static_cast<int>(gains.size()));
  for (int i = 0; i < rows; ++i) {
    const double shared = 4 + random.Normal();
    std::vector<double> losses;
    for (const double gain : gains) losses.push_back(shared - gain + random.Normal() / 2);
    trial.Add(shared + random.Normal() / 2, losses);
  }
  return trial;
}

TEST(PairedTrial, DecidesAtTheFirstCrossingAndForGood) {
  const PairedTrial trial = Tried({}, {0.3}, 1500, 1);
  EXPECT_EQ(trial.verdict(), Verdict::kAdvance);
  ASSERT_EQ(trial.winner(), 0);
  const TrialAnswer answer = trial.Answer(0);
  EXPECT_GT(answer.row, 24);
  EXPECT_LT(answer.row, 400);
  EXPECT_EQ(answer.gain.rows, answer.row);
  EXPECT_GE(answer.judgement.evidence.log_e, std::log(10));
  EXPECT_DOUBLE_EQ(answer.judgement.threshold, std::log(10));
  // Cut before that row, nothing is decided; cut at it, the same.
  EXPECT_EQ(Tried({}, {0.3}, static_cast<int>(answer.row) - 1, 1).verdict(), Verdict::kHold);
  EXPECT_EQ(Tried({}, {0.3}, static_cast<int>(answer.row), 1).Answer(0).judgement.evidence.log_e,
            answer.judgement.evidence.log_e);
}

TEST(PairedTrial, AWorseChallengerIsRolledBack) {
  const PairedTrial trial = Tried({}, {-0.5}, 1500, 2);
  EXPECT_EQ(trial.verdict(), Verdict::kRollBack);
  EXPECT_FALSE(trial.winner());
  EXPECT_LT(trial.Answer(0).gain.high, 0);
}

TEST(PairedTrial, TooFewRowsAreNoData) {
  EXPECT_EQ(Tried({}, {3}, 59, 3).verdict(), Verdict::kNoData);
  EXPECT_EQ(Tried({}, {3}, 60, 3).verdict(), Verdict::kAdvance);
  TrialTerms week;
  week.horizon = 5;
  EXPECT_EQ(Tried(week, {3}, 119, 3).verdict(), Verdict::kNoData);
}

TEST(PairedTrial, AGainBelowTheMinimumEffectHolds) {
  TrialTerms terms;
  terms.minimum_effect = 0.4;
  EXPECT_EQ(Tried(terms, {0.35}, 1500, 4).verdict(), Verdict::kHold);
  EXPECT_EQ(Tried(terms, {0.7}, 1500, 4).verdict(), Verdict::kAdvance);
  EXPECT_EQ(Tried(terms, {-0.3}, 1500, 4).verdict(), Verdict::kRollBack);
}

TEST(PairedTrial, SeveralChallengersShareTheLevelAndTheBestWins) {
  const PairedTrial trial = Tried({}, {-0.6, 0, 1.0}, 1500, 5);
  EXPECT_EQ(trial.winner(), 2);
  EXPECT_DOUBLE_EQ(trial.Answer(2).judgement.alpha, 0.05 / 3);
  EXPECT_EQ(Tried({}, {-0.6, -0.7}, 1500, 6).verdict(), Verdict::kRollBack);
  EXPECT_EQ(Tried({}, {-0.6, 0}, 300, 6).verdict(), Verdict::kHold);
}

TEST(PairedTrial, ARefreshIsNotAskedToBeBetter) {
  TrialTerms terms;
  terms.question = Question::kRefresh;
  terms.margin = 0.05;
  EXPECT_EQ(Tried(terms, {0}, 1500, 7).verdict(), Verdict::kAdvance);
  EXPECT_EQ(Tried(terms, {-1}, 1500, 7).verdict(), Verdict::kRollBack);
  EXPECT_EQ(Tried(terms, {-0.4}, 200, 8).Answer(0).judgement.verdict != Verdict::kAdvance, true);
}

}  // namespace
}  // namespace hone
