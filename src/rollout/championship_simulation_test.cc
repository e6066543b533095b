// How often does a championship advance somebody when nobody is better? Rates of false winners, and the power it has.
#include <gtest/gtest.h>

#include "rollout/championship.h"
#include "rollout/correlated_losses_for_test.h"

namespace hone {
namespace {

constexpr double kAlpha = 0.05;
constexpr int kRows = 1500;

struct Setting {
  int candidates = 1, horizon = 5;
  double ratio = 1;  // mean squared error of the first candidate to the served one
};

// Row at which some candidate wins, -1 if none does. Forecaster 0 is what is served.
int WinAt(const Setting& setting, std::uint64_t seed, int* winner = nullptr) {
  Random random(seed);
  CorrelatedLosses losses(setting.candidates + 1, setting.horizon, random);
  losses.SetRatio(1, setting.ratio);
  Championship championship(setting.candidates, setting.horizon, kAlpha, 60);
  const std::vector<bool> eligible(static_cast<std::size_t>(setting.candidates), true);
  for (int row = 0; row < kRows; ++row) {
    const std::vector<double>& all = losses.Next();
    championship.Add(all[0], {all.begin() + 1, all.end()}, eligible);
    const auto won = championship.Look();
    if (!won) continue;
    if (winner != nullptr) *winner = won->candidate;
    return row;
  }
  return -1;
}

double FalseWinners(const Setting& setting, int runs) {
  int wins = 0;
  for (int run = 0; run < runs; ++run) wins += WinAt(setting, 1000 + static_cast<std::uint64_t>(run)) >= 0;
  return static_cast<double>(wins) / runs;
}

TEST(ChampionshipSimulation, EqualCandidatesSeldomWin) {
  constexpr int kRuns = 1000;
  for (const int candidates : {1, 4, 13}) {
    for (const int horizon : {1, 5}) {
      const double rate = FalseWinners({candidates, horizon, 1}, kRuns);
      RecordProperty("rate_" + std::to_string(candidates) + "_" + std::to_string(horizon), std::to_string(rate));
      EXPECT_LE(rate, WithinMonteCarlo(kAlpha, kRuns)) << candidates << " candidates, horizon " << horizon;
    }
  }
}

// One championship after another, each begun by an operator's change of champion every 300 rows.
TEST(ChampionshipSimulation, OverManyChampionshipsEqualCandidatesSeldomWin) {
  constexpr int kRuns = 300, kCandidates = 4;
  int wins = 0;
  for (int run = 0; run < kRuns; ++run) {
    Random random(5000 + static_cast<std::uint64_t>(run));
    CorrelatedLosses losses(kCandidates + 1, 5, random);
    Championship championship(kCandidates, 5, kAlpha, 60);
    bool won = false;
    for (int row = 0; row < 20 * 300 && !won; ++row) {
      if (row > 0 && row % 300 == 0) championship.Restart();
      const std::vector<double>& all = losses.Next();
      championship.Add(all[0], {all.begin() + 1, all.end()}, std::vector<bool>(kCandidates, true));
      won = championship.Look().has_value();
    }
    wins += won;
  }
  EXPECT_LE(static_cast<double>(wins) / kRuns, WithinMonteCarlo(kAlpha, kRuns));
}

// Fresh starts after every alarm of an alarm-prone trigger cost no error either.
TEST(ChampionshipSimulation, WithManyFreshStartsEqualCandidatesSeldomWin) {
  constexpr int kRuns = 300, kCandidates = 13;
  int wins = 0;
  for (int run = 0; run < kRuns; ++run) {
    Random random(15000 + static_cast<std::uint64_t>(run));
    CorrelatedLosses losses(kCandidates + 1, 5, random);
    Championship championship(kCandidates, 5, kAlpha, 60);
    bool won = false;
    for (int row = 0; row < 3000 && !won; ++row) {
      if (row > 0 && row % 126 == 0) championship.FreshStart();
      const std::vector<double>& all = losses.Next();
      championship.Add(all[0], {all.begin() + 1, all.end()}, std::vector<bool>(kCandidates, true));
      won = championship.Look().has_value();
    }
    wins += won;
  }
  EXPECT_LE(static_cast<double>(wins) / kRuns, WithinMonteCarlo(kAlpha, kRuns));
}

TEST(ChampionshipSimulation, AWorseCandidateNeverWins) {
  EXPECT_LE(FalseWinners({1, 5, 1.05}, 500), 0.01);
  EXPECT_EQ(FalseWinners({1, 5, 1.3}, 500), 0);
}

TEST(ChampionshipSimulation, AMuchBetterCandidateWinsWithinTheRows) {
  constexpr int kRuns = 200;
  int right = 0;
  for (int run = 0; run < kRuns; ++run) {
    int winner = -1;
    WinAt({13, 5, 0.5}, 9000 + static_cast<std::uint64_t>(run), &winner);
    right += winner == 0;
  }
  EXPECT_GE(right, 0.95 * kRuns);
}

}  // namespace
}  // namespace hone
