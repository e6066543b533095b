// Requests that are sticky by key: what is assigned at random is the key, so keys are counted. Each request counted by
// itself would take a right split for a wrong one.
#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"
#include "rollout/correlated_losses_for_test.h"
#include "rollout/split_watch.h"

namespace hone {
namespace {

struct StickyRun {
  bool keys = false, requests = false;  // a mismatch was "proven" by counting these
};

// A few hundred keys, some of which ask a hundred times as often as others; every key's arm is drawn once.
StickyRun RunSticky(double alpha, std::uint64_t seed) {
  constexpr int kKeys = 400, kRequests = 4000;
  Random random(seed);
  SplitTerms terms{.shares = {0.5, 0.5}};
  terms.mismatch_alpha = alpha;
  SplitWatch by_keys(terms), by_requests(terms);
  std::vector<Assignment> of_key(kKeys);
  for (Assignment& assignment : of_key) {
    assignment.split = 1;
    assignment.unit = random.Next() | 1;
    assignment.arm = random.Uniform() < 0.5 ? 0 : 1;
  }
  StickyRun run;
  for (int i = 0; i < kRequests; ++i) {
    const auto key = static_cast<std::size_t>(std::pow(kKeys, random.Uniform()) - 1);
    Assignment assignment = of_key[key];
    by_keys.Take(assignment, 0);
    assignment.unit = 0;
    by_requests.Take(assignment, 0);
    run.keys = run.keys || by_keys.mismatch();
    run.requests = run.requests || by_requests.mismatch();
  }
  return run;
}

TEST(SplitWatchSimulation, StickyKeysAreNoMismatch) {
  constexpr int kTrials = 1000;
  constexpr double kMismatchAlpha = 0.05;
  int keys = 0, requests = 0;
  for (std::uint64_t run = 0; run < kTrials; ++run) {
    const StickyRun sticky = RunSticky(kMismatchAlpha, 20 + run);
    keys += sticky.keys;
    requests += sticky.requests;
  }
  EXPECT_LE(keys / static_cast<double>(kTrials), WithinMonteCarlo(kMismatchAlpha, kTrials));
  EXPECT_GE(requests, 0.5 * kTrials) << "why keys are counted";
  RecordProperty("keys", keys);
  RecordProperty("requests", requests);
}

// Shares that change from round to round, each round at its part of the level: split_book.cc.
TEST(SplitWatchSimulation, RoundsOfRightSharesAreSeldomSaidToBeWrong) {
  constexpr int kTrials = 400, kRounds = 15, kUnits = 300;
  constexpr double kMismatchAlpha = 0.05;
  int wrong = 0;
  for (std::uint64_t run = 0; run < kTrials; ++run) {
    Random random(900 + run);
    bool any = false;
    for (int round = 1; round <= kRounds; ++round) {
      const double first = 0.05 + 0.6 * random.Uniform();
      SplitTerms terms{.shares = {first, 0.9 - first, 0.1}};
      terms.mismatch_alpha = kMismatchAlpha / (round * (round + 1));
      SplitWatch watch(terms);
      for (int unit = 0; unit < kUnits; ++unit) {
        const double draw = random.Uniform();
        const int arm = draw < first ? 0 : draw < 0.9 ? 1 : 2;
        watch.Take({.split = 1, .arm = static_cast<std::uint8_t>(arm)}, 0);
      }
      any = any || watch.mismatch();
    }
    wrong += any;
  }
  EXPECT_LE(wrong / static_cast<double>(kTrials), WithinMonteCarlo(kMismatchAlpha, kTrials));
  RecordProperty("rounds_wrong", wrong);
}

// Five arms that fail and are late alike: is any of the eight guardrails broken, or are the shares said to be wrong?
TEST(SplitWatchSimulation, FourEqualChallengersSeldomBreakAnyGuardrail) {
  constexpr int kTrials = 400, kUnits = 4000;
  SplitTerms terms{.shares = {0.4, 0.15, 0.15, 0.15, 0.15}};
  terms.mismatch_alpha = 0.05;
  terms.error_margin = terms.latency_margin = 0;
  int broken = 0, mismatched = 0;
  for (std::uint64_t run = 0; run < kTrials; ++run) {
    Random random(300 + run);
    SplitWatch watch(terms);
    for (int unit = 0; unit < kUnits; ++unit) {
      double draw = random.Uniform();
      Assignment assignment{.split = 1, .timed = true};
      while (assignment.arm < 4 && draw >= terms.shares[assignment.arm]) draw -= terms.shares[assignment.arm++];
      assignment.failed = random.Uniform() < 0.02;
      watch.Take(assignment, random.Uniform() < 0.2 ? 2 * terms.latency_budget : 0);
    }
    bool any = false;
    for (std::size_t arm = 1; arm < watch.arms(); ++arm) {
      any = any || watch.broken(Guardrail::kErrors, arm) || watch.broken(Guardrail::kLatency, arm);
    }
    broken += any;
    mismatched += watch.mismatch();
  }
  EXPECT_LE(broken / static_cast<double>(kTrials), WithinMonteCarlo(terms.guard_alpha, kTrials));
  EXPECT_LE(mismatched / static_cast<double>(kTrials), WithinMonteCarlo(terms.mismatch_alpha, kTrials));
  RecordProperty("broken", broken);
  RecordProperty("mismatched", mismatched);
}

}  // namespace
}  // namespace hone
