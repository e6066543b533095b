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

}  // namespace
}  // namespace hone
