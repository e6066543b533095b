// How often is the licence granted to a practice of refreshing that does harm, and withdrawn from one that does not?
#include <gtest/gtest.h>

#include "rollout/correlated_losses_for_test.h"
#include "rollout/practice.h"

namespace hone {
namespace {

constexpr double kLicenceAlpha = 0.05, kMargin = 0.02;
constexpr double kJustTolerated = (1 + kMargin) * (1 + kMargin);  // of squared errors

// Forecaster 0 is the replaced version, 1 the newer one.
bool EverGranted(double ratio, int rows, std::uint64_t seed, double shared) {
  Random random(seed);
  CorrelatedLosses losses(2, 5, random, shared);
  losses.SetRatio(1, ratio);
  PracticeLicence licence(5, kMargin, kLicenceAlpha);
  for (int row = 0; row < rows; ++row) {
    const std::vector<double>& pair = losses.Next();
    licence.Add(pair[0], pair[1]);
    if (licence.held()) return true;
  }
  return false;
}

double GrantRate(double ratio, int rows, int runs, double shared = 2.0 / 3) {
  int granted = 0;
  for (int run = 0; run < runs; ++run) {
    granted += EverGranted(ratio, rows, 300 + static_cast<std::uint64_t>(run), shared);
  }
  return static_cast<double>(granted) / runs;
}

TEST(PracticeSimulation, APracticeWorseByTheMarginIsSeldomGranted) {
  EXPECT_LE(GrantRate(kJustTolerated, 3000, 1000), WithinMonteCarlo(kLicenceAlpha, 1000));
}

TEST(PracticeSimulation, APracticeWorseByFivePercentOfRmseIsHardlyEverGranted) {
  EXPECT_LE(GrantRate(1.05 * 1.05, 3000, 500), 0.01);
}

TEST(PracticeSimulation, APracticeThatGainsTenPercentIsGrantedInTime) {
  EXPECT_GE(GrantRate(0.9, 3000, 300, 0.9), 0.85);
  EXPECT_GE(GrantRate(0.9, 1500, 300, 0.97), 0.9);
}

TEST(PracticeSimulation, AHarmfulPracticeLosesTheLicence) {
  constexpr int kRuns = 200;
  int withdrawn = 0;
  for (int run = 0; run < kRuns; ++run) {
    Random random(7000 + static_cast<std::uint64_t>(run));
    CorrelatedLosses losses(2, 5, random, 0.9);
    losses.SetRatio(1, 1.3);
    PracticeLicence licence(5, kMargin, kLicenceAlpha);
    licence.Restore({true, 0, PairedEvidenceProcess(5).state(), {}});
    for (int row = 0; row < 1500 && licence.held(); ++row) {
      const std::vector<double>& pair = losses.Next();
      licence.Add(pair[0], pair[1]);
    }
    withdrawn += !licence.held();
  }
  EXPECT_GE(withdrawn, 0.95 * kRuns);
}

}  // namespace
}  // namespace hone
