#include "rollout/need.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "base/random.h"
#include "rollout/correlated_losses_for_test.h"

namespace hone {
namespace {

constexpr double kAlpha = 0.025;

NeedEvidence Begun() {
  NeedEvidence need(5, kAlpha, 60);
  need.OnAlarm();
  need.OnRefit();
  return need;
}

// Feeds rows on which the refit's mean squared error is `ratio` times what is served; row of the proof, -1 if none.
int ProofAt(NeedEvidence& need, double ratio, int rows, std::uint64_t seed) {
  Random random(seed);
  CorrelatedLosses losses(2, 5, random);
  losses.SetRatio(1, ratio);
  for (int row = 0; row < rows; ++row) {
    const std::vector<double>& all = losses.Next();
    need.Add(all[0], all[1]);
    if (need.Look()) return row;
  }
  return -1;
}

TEST(NeedEvidence, ProvesARefitThatIsMuchBetter) {
  NeedEvidence need = Begun();
  EXPECT_GE(ProofAt(need, 0.3, 600, 3), 119);
  const auto proof = need.Look();
  ASSERT_TRUE(proof);
  EXPECT_EQ(proof->judgement.verdict, Verdict::kAdvance);
  EXPECT_DOUBLE_EQ(proof->judgement.alpha, kAlpha / 2);
  EXPECT_GT(proof->recent_gain, 0);
  EXPECT_EQ(proof->number, 1);
}

TEST(NeedEvidence, BeginsWithTheFirstRefitAfterTheAlarm) {
  NeedEvidence need(5, kAlpha, 60);
  need.OnRefit();
  need.Add(2, 1);
  need.OnAlarm();
  need.Add(2, 1);
  EXPECT_EQ(need.rows(), 0);
  need.OnRefit();
  need.Add(2, 1);
  need.OnAlarm();
  need.OnRefit();
  EXPECT_EQ(need.rows(), 1);
}

TEST(NeedEvidence, EveryNewEvidenceSpendsAlpha) {
  NeedEvidence need = Begun();
  need.Close();
  EXPECT_EQ(ProofAt(need, 0.3, 600, 3), -1);
  need.OnAlarm();
  need.OnRefit();
  EXPECT_GE(ProofAt(need, 0.3, 600, 3), 0);
  EXPECT_DOUBLE_EQ(need.Look()->judgement.alpha, kAlpha / 6);
}

TEST(NeedEvidence, PassesOverWhatIsNoNumber) {
  NeedEvidence need = Begun();
  need.Add(std::numeric_limits<double>::quiet_NaN(), 1);
  need.Add(1, std::numeric_limits<double>::infinity());
  EXPECT_EQ(need.rows(), 0);
}

TEST(NeedEvidence, RestoredEvidenceGoesOnTheSame) {
  NeedEvidence need = Begun();
  ProofAt(need, 1, 100, 5);
  NeedEvidence restored(5, kAlpha, 60);
  restored.Restore(need.state());
  const int at = ProofAt(need, 0.3, 600, 6);
  EXPECT_GE(at, 0);
  EXPECT_EQ(ProofAt(restored, 0.3, 600, 6), at);
}

// An alarm every 252 rows for twelve years, each need abandoned for the next, and no refit ever any better.
TEST(NeedSimulation, OverManyNeedsAnEqualRefitIsSeldomProven) {
  constexpr int kRuns = 1000;
  int proofs = 0;
  for (int run = 0; run < kRuns; ++run) {
    NeedEvidence need(5, kAlpha, 60);
    bool proven = false;
    for (int alarm = 0; alarm < 12 && !proven; ++alarm) {
      need.Close();
      need.OnAlarm();
      need.OnRefit();
      proven =
          ProofAt(need, 1, 252, 1000 * static_cast<std::uint64_t>(run + 1) + static_cast<std::uint64_t>(alarm)) >= 0;
    }
    proofs += proven;
  }
  EXPECT_LE(static_cast<double>(proofs) / kRuns, kAlpha + 3.1 * std::sqrt(kAlpha * (1 - kAlpha) / kRuns));
}

TEST(NeedSimulation, ARefitOfAThirdOfTheErrorIsSeldomNeedsMoreThanAYear) {
  int proofs = 0;
  for (std::uint64_t run = 0; run < 200; ++run) {
    NeedEvidence need = Begun();
    proofs += ProofAt(need, 0.33, 252, 70 + run) >= 0;
  }
  EXPECT_GE(proofs, 160);  // measured: 168
}

}  // namespace
}  // namespace hone
