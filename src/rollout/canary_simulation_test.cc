// A whole canary under the default policy, in docs/reference/experiments.md: how many bad ones are stopped by what the
// split of the traffic shows (a late challenger, shares that are not kept) before they answer everything, by requests a
// second; how many right ones are stopped; and why a step lasts some time and not only four requests.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "base/random.h"
#include "rollout/correlated_losses_for_test.h"
#include "rollout/rollout_policy.h"
#include "rollout/split_watch.h"

namespace hone {
namespace {

struct CanaryTraffic {
  double late_champion = 0.02, late_challenger = 0.02;  // share of requests beyond the latency budget
  double lost = 0;                                      // share of the challenger's requests that are never counted
};

SplitTerms CanaryTerms(const RolloutPolicy& policy, double share) {
  SplitTerms terms{.shares = {1 - share, share}};
  terms.mismatch_alpha = policy.mismatch_alpha;
  terms.guard_alpha = policy.alpha;
  terms.latency_margin = policy.latency_margin;
  return terms;
}

// Each step that shares the traffic is a split of its own, as long as the policy has it last.
bool IsStopped(const RolloutPolicy& policy, double requests_a_second, const CanaryTraffic& traffic,
               std::uint64_t seed) {
  Random random(seed);
  const StepLength length = LengthOf(policy);
  const auto requests = std::max<std::int64_t>(
      length.predictions, static_cast<std::int64_t>(requests_a_second * static_cast<double>(length.time) / kSecond));
  for (const double share : policy.steps) {
    if (share >= 1) return false;
    SplitWatch watch(CanaryTerms(policy, share));
    for (std::int64_t i = 0; i < requests; ++i) {
      Assignment assignment{.split = 1, .timed = true};
      assignment.arm = random.Uniform() < share ? 1 : 0;
      if (assignment.arm == 1 && random.Uniform() < traffic.lost) continue;
      const double late = assignment.arm == 1 ? traffic.late_challenger : traffic.late_champion;
      watch.Take(assignment, random.Uniform() < late ? 2 * watch.terms().latency_budget : 0);
      if (watch.mismatch() || watch.broken(Guardrail::kLatency, 1)) return true;
    }
  }
  return false;
}

double Stopped(const RolloutPolicy& policy, double rate, const CanaryTraffic& traffic, int runs) {
  int stopped = 0;
  for (int run = 0; run < runs; ++run)
    stopped += IsStopped(policy, rate, traffic, 40 + static_cast<std::uint64_t>(run));
  return stopped / static_cast<double>(runs);
}

const CanaryTraffic kLateFifth{.late_challenger = 0.2}, kLateHalf{.late_challenger = 0.5}, kLosesFifth{.lost = 0.2},
    kLosesHalf{.lost = 0.5};

TEST(CanarySimulation, ARightOneIsSeldomStopped) {
  constexpr int kRuns = 400;
  const RolloutPolicy policy;
  for (const double rate : {0.1, 1.0, 10.0}) {
    const double stopped = Stopped(policy, rate, {}, kRuns);
    EXPECT_LE(stopped, WithinMonteCarlo(policy.alpha, kRuns)) << rate;
    RecordProperty("right_" + std::to_string(rate), std::to_string(stopped));
  }
}

TEST(CanarySimulation, ABadOneIsStoppedWhereThereIsTraffic) {
  constexpr int kRuns = 100;
  const RolloutPolicy policy;
  const std::vector<std::pair<std::string, CanaryTraffic>> bad = {
      {"late_fifth", kLateFifth}, {"late_half", kLateHalf}, {"loses_fifth", kLosesFifth}, {"loses_half", kLosesHalf}};
  for (const auto& [name, traffic] : bad) {
    for (const double rate : {0.1, 1.0, 10.0}) {
      const double stopped = Stopped(policy, rate, traffic, kRuns);
      if (rate == 10.0) {
        EXPECT_GE(stopped, 0.99) << name;
      }
      RecordProperty(name + "_" + std::to_string(rate), std::to_string(stopped));
    }
  }
}

// What decides is the time: the default four requests alone let everything pass.
TEST(CanarySimulation, FourRequestsShowNothing) {
  RolloutPolicy policy;
  policy.step_minutes = 0;
  for (const CanaryTraffic& traffic : {kLateHalf, kLosesHalf}) EXPECT_LE(Stopped(policy, 10, traffic, 400), 0.01);
}

}  // namespace
}  // namespace hone
