// How often the 95 % intervals of the estimators hold the policy's true value, with rewards that are independent and
// rewards that depend on one another, and what a right and a wrong model of the rewards do.
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "base/random.h"
#include "stats/off_policy/doubly_robust.h"
#include "stats/off_policy/importance_weights.h"
#include "stats/off_policy/inverse_propensity.h"
#include "stats/off_policy/self_normalised_propensity.h"
#include "stats/off_policy/switch_doubly_robust.h"

namespace hone {
namespace {

constexpr int kRuns = 600, kRows = 2000;
constexpr double kSwitchAt = 10;

// Three actions and a context x in [0, 1): action a earns x a - a / 2 on average, so that the best depends on x. The
// log chose the first with probability 0.6, the others with 0.2; the policy in question chooses the last with 0.8 where
// x is above 1/2, the first with 0.8 elsewhere, any other with 0.1.
struct World {
  double phi = 0;          // of the AR(1) noise of the rewards, variance 1
  double model_error = 0;  // the model of rewards is off by so much for the last action
};

double MeanReward(double x, int action) { return x * action - 0.5 * action; }
double Target(double x, int action) { return action == (x > 0.5 ? 2 : 0) ? 0.8 : 0.1; }
// The integral over x: with 0.8 the favoured one, with 0.1 each of the others.
constexpr double kTrueValue = 0.5 * (0.8 * 0.5 + 0.1 * 0.25) + 0.5 * (0.1 * -0.25 + 0.1 * -0.5);

int Choose(double drawn) { return drawn < 0.6 ? 0 : drawn < 0.8 ? 1 : 2; }

std::vector<LoggedChoice> DrawLog(const World& world, std::uint64_t seed) {
  Random random = Random::Stream(seed, "off policy");
  std::vector<LoggedChoice> log(kRows);
  double noise = random.Normal();
  for (LoggedChoice& row : log) {
    const double x = random.Uniform();
    const int chosen = Choose(random.Uniform());
    const auto modelled = [&](int action) { return MeanReward(x, action) + (action == 2 ? world.model_error : 0); };
    noise = world.phi * noise + std::sqrt(1 - world.phi * world.phi) * random.Normal();
    row = {chosen == 0 ? 0.6 : 0.2, Target(x, chosen), MeanReward(x, chosen) + noise, modelled(chosen), 0};
    for (int action = 0; action < 3; ++action) row.model_target += Target(x, action) * modelled(action);
  }
  return log;
}

struct Measured {
  double coverage = 0, mean_error = 0, mean_width = 0;
};

template <typename Estimator>
Measured Measure(const World& world, Estimator terms) {
  Measured measured;
  for (int run = 0; run < kRuns; ++run) {
    const OffPolicyEstimate estimate = EstimateFrom(terms(DrawLog(world, static_cast<std::uint64_t>(run))), 0.95);
    measured.coverage += estimate.interval.Contains(kTrueValue) ? 1.0 / kRuns : 0;
    measured.mean_error += (estimate.value - kTrueValue) / kRuns;
    measured.mean_width += estimate.interval.width() / kRuns;
  }
  return measured;
}

std::vector<double> SwitchTerms(std::span<const LoggedChoice> log) { return SwitchDoublyRobustTerms(log, kSwitchAt); }

// 95 % less the simulation's error (0.9 %) three times over, and a little for a normal interval of 2,000 rows.
void ExpectCovers(const World& world) {
  for (const auto& terms : {InversePropensityTerms, SelfNormalisedTerms, DoublyRobustTerms, SwitchTerms}) {
    const Measured measured = Measure(world, terms);
    EXPECT_GE(measured.coverage, 0.92) << world.phi;
    EXPECT_NEAR(measured.mean_error, 0, 0.01) << world.phi;
  }
}

TEST(OffPolicySimulation, IntervalsHoldTheTrueValueOfIndependentRewards) { ExpectCovers({}); }
TEST(OffPolicySimulation, IntervalsHoldTheTrueValueOfDependentRewards) { ExpectCovers({.phi = 0.8}); }
TEST(OffPolicySimulation, AWrongModelDoesNotBiasDoublyRobust) { ExpectCovers({.model_error = 1}); }

TEST(OffPolicySimulation, SwitchedRowsBringTheModelsErrorIn) {
  const auto model_alone = [](std::span<const LoggedChoice> log) { return SwitchDoublyRobustTerms(log, 0); };
  EXPECT_NEAR(Measure({.model_error = 1}, model_alone).mean_error, 0.45, 0.02);  // the last action's share
  EXPECT_NEAR(Measure({}, model_alone).mean_error, 0, 0.01);
}

// Why estimates are refused below a hundred effective rows: one action in 2,000 / rows, and the policy that always
// takes it. Rewards 1 + 0.5 for it, with normal noise.
double CoverageOfSnips(double effective_rows) {
  double coverage = 0;
  for (int run = 0; run < kRuns; ++run) {
    Random random = Random::Stream(static_cast<std::uint64_t>(run), "rare action");
    std::vector<LoggedChoice> log(kRows);
    const double chance = effective_rows / kRows;
    for (LoggedChoice& row : log) {
      const bool taken = random.Uniform() < chance;
      row = {.propensity = taken ? chance : 1 - chance, .target = taken ? 1.0 : 0.0, .reward = 1 + random.Normal()};
      row.reward += taken ? 0.5 : 0;
    }
    coverage += EstimateFrom(SelfNormalisedTerms(log), 0.95).interval.Contains(1.5) ? 1.0 / kRuns : 0;
  }
  return coverage;
}

TEST(OffPolicySimulation, IntervalsOfFewEffectiveRowsAreTooShort) {
  EXPECT_LE(CoverageOfSnips(10), 0.93);
  EXPECT_GE(CoverageOfSnips(100), 0.92);
}

// The rewards' common level costs IPS; normalised weights take it out.
TEST(OffPolicySimulation, SnipsIsSteadierThanIpsWhereRewardsHaveALevel) {
  const auto raised = [](std::span<const LoggedChoice> log) {
    std::vector<LoggedChoice> higher(log.begin(), log.end());
    for (LoggedChoice& row : higher) row.reward += 5;
    return higher;
  };
  const Measured ips =
      Measure({}, [&](std::span<const LoggedChoice> log) { return InversePropensityTerms(raised(log)); });
  const Measured snips =
      Measure({}, [&](std::span<const LoggedChoice> log) { return SelfNormalisedTerms(raised(log)); });
  EXPECT_LT(3 * snips.mean_width, ips.mean_width);
}

}  // namespace
}  // namespace hone
