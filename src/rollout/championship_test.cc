#include "rollout/championship.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "base/random.h"

namespace hone {
namespace {

// A championship of three, fed rows with given gains over what is served.
class Three {
 public:
  explicit Three(int horizon = 1, std::int64_t minimum_rows = 0) : championship(3, horizon, 0.06, minimum_rows) {}

  // `rows` rows with these mean gains; stops at a look with a winner.
  std::optional<Championship::Winner> Feed(int rows, const std::vector<double>& gains,
                                           const std::vector<bool>& eligible = {true, true, true}) {
    for (int i = 0; i < rows; ++i) {
      const double served = 1 + 0.2 * random_.Uniform();
      std::vector<double> losses;
      for (const double gain : gains) losses.push_back(served - gain + 0.05 * random_.Normal());
      championship.Add(served, losses, eligible);
      if (const auto winner = championship.Look()) return winner;
    }
    return std::nullopt;
  }

  Championship championship;

 private:
  Random random_{17};
};

TEST(Championship, NoWinnerWithoutData) {
  Three three;
  EXPECT_FALSE(three.championship.Look());
  EXPECT_EQ(three.championship.Judge(0).verdict, Verdict::kNoData);
  EXPECT_EQ(three.championship.rows(0), 0);
}

TEST(Championship, TheProvenCandidateWins) {
  Three three;
  const auto winner = three.Feed(100, {0, 0.3, -0.3});
  ASSERT_TRUE(winner);
  EXPECT_EQ(winner->candidate, 1);
  EXPECT_EQ(winner->judgement.verdict, Verdict::kAdvance);
  EXPECT_NEAR(winner->recent_gain, 0.3, 0.05);
}

TEST(Championship, AmongProvenCandidatesTheOneWithTheLargestRecentGainWins) {
  Three three(1, 200);
  const auto winner = three.Feed(200, {0.2, 0.3, 0.4});
  ASSERT_TRUE(winner);
  EXPECT_EQ(winner->candidate, 2);
  EXPECT_EQ(three.championship.Judge(0).verdict, Verdict::kAdvance);
}

TEST(Championship, NoWinnerBeforeTheMinimumOfRows) {
  Three three(1, 100);
  EXPECT_FALSE(three.Feed(99, {1, 1, 1}));
  EXPECT_TRUE(three.Feed(1, {1, 1, 1}));
}

TEST(Championship, NoDataBefore24Horizons) {
  Three three(5);
  EXPECT_FALSE(three.Feed(119, {1, 1, 1}));
  EXPECT_EQ(three.championship.Judge(0).verdict, Verdict::kNoData);
  EXPECT_FALSE(three.Feed(1, {1, 1, 1}));
  EXPECT_EQ(three.championship.Judge(0).verdict, Verdict::kHold);
  EXPECT_TRUE(three.Feed(240, {1, 1, 1}));
}

TEST(Championship, AlphaIsSplitOverCandidatesAndSpentOverChampionships) {
  Championship championship(3, 1, 0.06, 0);
  EXPECT_EQ(championship.number(), 1);
  double spent = 0;
  for (int s = 1; s <= 1000; ++s) {
    EXPECT_EQ(championship.number(), s);
    EXPECT_NEAR(championship.Judge(0).alpha, 0.8 * 0.06 / (s * (s + 1.0)) / 3 / 2, 1e-15);
    spent += 3 * championship.Judge(0).alpha;
    championship.Restart();
  }
  EXPECT_LT(spent, 0.024);  // the other half is for fresh starts, a fifth of each for evidence begun anew
  EXPECT_GT(spent, 0.0239);
}

TEST(Championship, LaterChampionshipsNeedMoreEvidence) {
  Three early, late;
  for (int i = 0; i < 30; ++i) late.championship.Restart();
  const auto first = early.Feed(2000, {0.02, 0, 0});
  const auto later = late.Feed(2000, {0.02, 0, 0});
  ASSERT_TRUE(first && later);
  EXPECT_GT(later->judgement.evidence.rows, first->judgement.evidence.rows);
  EXPECT_GT(later->judgement.threshold, first->judgement.threshold);
}

TEST(Championship, RestartForgetsAllEvidence) {
  Three three(1, 60);
  three.Feed(59, {1, 1, 1});
  three.championship.Restart();
  EXPECT_EQ(three.championship.number(), 2);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(three.championship.rows(i), 0);
  EXPECT_FALSE(three.Feed(59, {1, 1, 1}));
}

// Levels of fresh starts as winners show them: gains so clear that the first possible look decides.
TEST(Championship, FreshStartsShareTheOtherHalfOfTheLevel) {
  double spent = 0;
  for (int j = 1; j <= 8; ++j) {
    Three three(1);
    for (int start = 0; start < j; ++start) {
      three.Feed(20, {-1, -1, -1});  // earlier starts have seen nothing good
      three.championship.FreshStart();
    }
    const auto winner = three.Feed(200, {0.3, 0, 0});
    ASSERT_TRUE(winner) << j;
    EXPECT_EQ(winner->start, j);
    EXPECT_NEAR(winner->judgement.alpha, 0.8 * 0.06 / 2 / 3 / 2 / (j * (j + 1.0)), 1e-15) << j;
    spent += 3 * winner->judgement.alpha;
  }
  EXPECT_LT(spent, 0.06 / 2 / 2);
}

TEST(Championship, AFreshStartFindsAGainAfterABreakSooner) {
  Three diluted, fresh;
  for (Three* three : {&diluted, &fresh}) ASSERT_FALSE(three->Feed(1500, {-0.05, 0, 0}));
  fresh.championship.FreshStart();
  const auto with = fresh.Feed(1000, {0.2, 0, 0});
  const auto without = diluted.Feed(1000, {0.2, 0, 0});
  ASSERT_TRUE(with);
  EXPECT_EQ(with->candidate, 0);
  EXPECT_EQ(with->start, 1);
  EXPECT_LE(with->judgement.evidence.rows, 100);
  EXPECT_TRUE(!without || without->judgement.evidence.rows > 1500 + 100);
}

TEST(Championship, TheNewestTwoFreshStartsRun) {
  Three three(1, 100'000);
  three.Feed(10, {0, 0, 0});
  for (int start = 0; start < 5; ++start) {
    three.championship.FreshStart();
    three.Feed(10, {0, 0, 0});
  }
  const Championship::State& state = three.championship.state();
  ASSERT_EQ(state.running.size(), 3u);
  EXPECT_EQ(state.running[0].number, 0);
  EXPECT_EQ(state.running[0].lines[0].rows(), 60);
  EXPECT_EQ(state.running[1].number, 4);
  EXPECT_EQ(state.running[1].lines[0].rows(), 20);
  EXPECT_EQ(state.running[2].number, 5);
  EXPECT_EQ(state.running[2].lines[0].rows(), 10);
}

TEST(Championship, RestartAndForgetReachFreshStarts) {
  Three three(1, 100'000);
  three.championship.FreshStart();
  three.Feed(30, {0, 0, 0});
  three.championship.Forget(2);
  EXPECT_EQ(three.championship.state().running[1].lines[2].rows(), 0);
  EXPECT_EQ(three.championship.state().running[1].lines[1].rows(), 30);
  three.championship.Restart();
  EXPECT_EQ(three.championship.state().running.size(), 1u);
  EXPECT_EQ(three.championship.state().starts, 0);
}

TEST(Championship, ForgetConcernsOneCandidateOnly) {
  Three three(1, 1000);
  three.Feed(50, {1, 1, 1});
  three.championship.Forget(1);
  EXPECT_EQ(three.championship.rows(0), 50);
  EXPECT_EQ(three.championship.rows(1), 0);
  EXPECT_EQ(three.championship.number(), 1);
}

TEST(Championship, AReversedLeadAdvancesNobody) {
  Three three(1, 1000);  // no verdict while the lead lasts
  ASSERT_FALSE(three.Feed(940, {0.3, 0, 0}));
  ASSERT_FALSE(three.Feed(60, {-0.02, 0, 0}));
  EXPECT_EQ(three.championship.Judge(0).verdict, Verdict::kAdvance);  // on the whole history it is proven
  EXPECT_LT(three.championship.RecentGain(0), 0);
  EXPECT_GT(three.championship.Judge(0).evidence.mean, 0);
}

TEST(Championship, TheRecentGainCoversTwelveHorizonsButAtLeastSixtyRows) {
  Three daily(1, 10'000), weekly(10, 10'000);
  for (Three* three : {&daily, &weekly}) {
    three->Feed(100, {1, 0, 0});
    three->Feed(60, {0, 0, 0});
  }
  EXPECT_NEAR(daily.championship.RecentGain(0), 0, 0.05);
  EXPECT_NEAR(weekly.championship.RecentGain(0), 0.5, 0.05);
}

TEST(Championship, TheChampionsOwnLineGathersNoEvidence) {
  Three three;
  EXPECT_FALSE(three.Feed(200, {1, 0, 0}, {false, true, true}));
  EXPECT_EQ(three.championship.rows(0), 0);
  EXPECT_EQ(three.championship.rows(1), 200);
}

TEST(Championship, ACandidateWithoutAnAnswerLosesItsEvidence) {
  Three three(1, 1000);
  three.Feed(50, {1, 1, 1});
  three.championship.Add(1, {NAN, 0.5, std::numeric_limits<double>::infinity()}, {true, true, true});
  EXPECT_EQ(three.championship.rows(0), 0);
  EXPECT_EQ(three.championship.rows(1), 51);
  EXPECT_EQ(three.championship.rows(2), 0);
}

TEST(Championship, ACandidateThatAnswersAgainCanWin) {
  Three three;
  three.championship.Add(1, {NAN, 1, 1}, {true, true, true});
  const auto winner = three.Feed(100, {0.5, 0, 0});
  ASSERT_TRUE(winner);
  EXPECT_EQ(winner->candidate, 0);
}

TEST(Championship, ARowWithoutAServedAnswerComparesNothing) {
  Three three(1, 1000);
  three.Feed(50, {1, 1, 1});
  three.championship.Add(NAN, {0.5, NAN, 0.5}, {true, true, true});
  for (int i = 0; i < 3; ++i) EXPECT_EQ(three.championship.rows(i), 50);
}

TEST(Championship, RestoredChampionshipGoesOnTheSame) {
  Three three(5);
  three.championship.Restart();
  three.championship.FreshStart();
  three.Feed(111, {0.01, -0.02, 0.015});
  Championship restored(3, 5, 0.06, 0);
  restored.Restore(three.championship.state());
  EXPECT_EQ(restored.number(), 2);
  Random random(5);
  for (int row = 0; row < 400; ++row) {
    const std::vector<double> losses = {random.Uniform(), 0.8 * random.Uniform(), random.Uniform()};
    const double served = random.Uniform();
    for (Championship* each : {&restored, &three.championship}) each->Add(served, losses, {true, true, false});
    const auto mine = restored.Look(), theirs = three.championship.Look();
    ASSERT_EQ(mine.has_value(), theirs.has_value()) << row;
    if (mine) {
      EXPECT_EQ(mine->candidate, theirs->candidate);
      EXPECT_EQ(mine->judgement.evidence.log_e, theirs->judgement.evidence.log_e);
      EXPECT_EQ(mine->recent_gain, theirs->recent_gain);
    }
  }
}

TEST(Championship, ForgettingSpendsTheCandidatesOwnLevelUntilTheNextChampionship) {
  Championship championship(2, 1, 0.06, 0);
  const double first = championship.Judge(0).alpha;
  double spent = 0;
  for (int times = 0; times < 20; ++times) {
    spent += championship.Judge(0).alpha;
    EXPECT_NEAR(championship.Judge(1).alpha, first, 1e-15);
    championship.Forget(0);
  }
  EXPECT_NEAR(spent, 0.06 / 2 / 2 / 2, 1e-9);
  championship.Restart();
  EXPECT_NEAR(championship.Judge(0).alpha, first / 3, 1e-15);
}

}  // namespace
}  // namespace hone
