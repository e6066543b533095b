// The regret of each bandit in worlds that are known: steady means, means that change places, late rewards, equal arms
// and means that depend on a context. The table of docs/reference/bandits.md is what PrintsTheTable prints.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <functional>
#include <string>
#include <vector>

#include "base/random.h"
#include "stats/bandits/bandit_catalogue.h"

namespace hone {
namespace {

constexpr int kBanditRounds = 4000, kBanditSeeds = 4;

// The mean reward, of wins and losses, of an arm at a round and context.
using World = std::function<double(int round, double context, int arm)>;

struct WorldTerms {
  int arms = 3;
  double floor = 0;
  int delay = 0;
};

double SteadyMean(int, double, int arm) { return 0.4 + 0.1 * arm; }
// Two arms that change places every quarter.
double ExchangedMean(int round, double, int arm) { return (4 * round / kBanditRounds) % 2 == arm ? 0.8 : 0.4; }
double ContextMean(int, double context, int arm) { return (context > 0) == (arm == 0) ? 0.7 : 0.4; }
double EqualMean(int, double, int) { return 0.5; }

struct Course {
  std::vector<double> regret = std::vector<double>(kBanditRounds);  // a round, mean over the seeds
  std::vector<double> shares;                                       // the least of each arm over the seeds

  double Between(int from, int to) const {
    double sum = 0;
    for (int round = from; round < to; ++round) sum += regret[static_cast<std::size_t>(round)];
    return sum;
  }
  double all() const { return Between(0, kBanditRounds); }
};

double BestMean(const World& world, int round, double x, int arms) {
  double best = 0;
  for (int arm = 0; arm < arms; ++arm) best = std::max(best, world(round, x, arm));
  return best;
}

void RunOnce(Bandit& bandit, const World& world, int delay, Course& course) {
  Random random = Random::Stream(bandit.terms().seed, "world");
  std::vector<double> rewards, counts(course.shares.size());
  for (int round = 0; round < kBanditRounds; ++round) {
    const double x = random.Normal();
    const BanditChoice choice = bandit.Choose(std::vector<double>{1, x > 0 ? 1.0 : -1.0});
    const double mean = world(round, x, choice.arm);
    rewards.push_back(random.Uniform() < mean ? 1 : 0);
    course.regret[static_cast<std::size_t>(round)] +=
        (BestMean(world, round, x, bandit.terms().arms) - mean) / kBanditSeeds;
    counts[static_cast<std::size_t>(choice.arm)] += 1.0 / kBanditRounds;
    if (round >= delay) {
      EXPECT_TRUE(bandit.Reward(round - delay, rewards[static_cast<std::size_t>(round - delay)]).ok());
    }
  }
  for (std::size_t arm = 0; arm < counts.size(); ++arm) {
    course.shares[arm] = std::min(course.shares[arm], counts[arm]);
  }
}

Course Simulate(const std::string& name, const World& world, const WorldTerms& terms,
                const std::vector<std::string>& settings = {}) {
  Course course;
  course.shares.assign(static_cast<std::size_t>(terms.arms), 1);
  for (std::uint64_t seed = 0; seed < kBanditSeeds; ++seed) {
    auto bandit =
        MakeBandit(name, {.arms = terms.arms, .context_size = 2, .floor = terms.floor, .seed = seed}, settings);
    EXPECT_TRUE(bandit.ok());
    RunOnce(*bandit, world, terms.delay, course);
  }
  return course;
}

constexpr double kUniformSteady = kBanditRounds * 0.1;     // gaps 0.2, 0.1 and 0
constexpr double kUniformExchanged = kBanditRounds * 0.2;  // two arms, gap 0.4

bool ForgetsOf(const std::string& name) { return name.starts_with("discounted") || name.starts_with("sliding"); }

// Steady means: all lose less than choosing at random; those that remember everything a fraction of it, and less and
// less. Means that change: those that forget lose less than half of what choosing at random does. A hundred choices'
// delay.
TEST(BanditSimulation, PrintsTheTable) {
  std::printf("%-20s %8s %8s %8s %8s\n", "", "steady", "2nd half", "delayed", "changes");
  for (const std::string& name : BanditNames()) {
    const Course steady = Simulate(name, SteadyMean, {});
    const Course late = Simulate(name, SteadyMean, {.delay = 100});
    const double changed = Simulate(name, ExchangedMean, {.arms = 2}).all();
    const double second = steady.Between(kBanditRounds / 2, kBanditRounds);
    std::printf("%-20s %8.0f %8.0f %8.0f %8.0f\n", name.c_str(), steady.all(), second, late.all(), changed);
    EXPECT_LT(steady.all(), (ForgetsOf(name) ? 0.8 : 0.5) * kUniformSteady) << name;
    EXPECT_LT(late.all(), (ForgetsOf(name) ? 1.0 : 0.6) * kUniformSteady) << name;
    if (ForgetsOf(name)) {
      EXPECT_LT(changed, 0.4 * kUniformExchanged) << name;
    } else {
      EXPECT_LT(second, 0.5 * steady.all() + 10) << name;
    }
  }
}

// Thompson sampling's trust in what it saw lasts about as long as that took.
TEST(BanditSimulation, ThoseThatForgetFollowChanges) {
  const double remembering = Simulate("thompson_beta", ExchangedMean, {.arms = 2}).all();
  for (const char* name : {"discounted_thompson", "sliding_window_ucb", "discounted_ucb"}) {
    EXPECT_LT(2 * Simulate(name, ExchangedMean, {.arms = 2}).all(), remembering) << name;
  }
}

// Auer, Cesa-Bianchi and Fischer 2002, theorem 1; Auer et al. 2002, corollary 3.2.
TEST(BanditSimulation, RegretStaysWithinTheBoundsOfThePapers) {
  const double log_rounds = std::log(kBanditRounds);
  const double ucb1 = (8 * log_rounds / 0.2 + 8 * log_rounds / 0.1) + (1 + M_PI * M_PI / 3) * 0.3;
  EXPECT_LT(Simulate("ucb1", SteadyMean, {}).all(), ucb1);
  const double gain = 0.6 * kBanditRounds, scale = 3 * std::log(3);
  const std::string gamma = "gamma=" + std::to_string(std::sqrt(scale / (1.72 * gain)));
  EXPECT_LT(Simulate("exp3", SteadyMean, {}, {gamma}).all(), 2.63 * std::sqrt(gain * scale));
}

// Sublinear: four times the rounds do not lose twice as much.
TEST(BanditSimulation, RegretGrowsSlowerThanTheSquareRoot) {
  for (const char* name : {"ucb1", "thompson_beta", "thompson_gaussian"}) {
    const Course course = Simulate(name, SteadyMean, {});
    EXPECT_LT(course.all(), 2 * course.Between(0, kBanditRounds / 4)) << name;
  }
}

TEST(BanditSimulation, NoArmStarvesUnderTheFloor) {
  // 0.05 less four standard deviations of a share.
  const double least = 0.05 - 4 * std::sqrt(0.05 * 0.95 / kBanditRounds);
  for (const std::string& name : BanditNames()) {
    for (const double share : Simulate(name, EqualMean, {.floor = 0.05}).shares) EXPECT_GE(share, least) << name;
  }
}

TEST(BanditSimulation, ContextsAreUsed) {
  const double uniform = kBanditRounds * 0.15, blind = Simulate("thompson_beta", ContextMean, {.arms = 2}).all();
  EXPECT_GT(blind, 0.9 * uniform) << "no arm is better on average";
  for (const char* name : {"lin_ucb", "linear_thompson"}) {
    const double regret = Simulate(name, ContextMean, {.arms = 2}).all();
    std::printf("%-20s %8.0f with a context, %.0f without\n", name, regret, blind);
    EXPECT_LT(regret, 0.2 * uniform) << name;
  }
}

}  // namespace
}  // namespace hone
