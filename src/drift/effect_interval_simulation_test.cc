// How often the intervals of effects hold the truth: nominal 95 %, normal columns, independent and AR(0.5).
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "drift/dependent_series_for_test.h"
#include "drift/effect_interval.h"

namespace hone {
namespace {

struct Coverage {
  double shift = 0, stability = 0;
};

// Of a mean shift by `shift` deviations, whose Wasserstein distance is `shift` and whose index, over deciles, is
// `stability`.
Coverage Cover(double phi, double shift, double stability, int runs) {
  Coverage coverage;
  DriftPolicy policy;
  policy.resamples = 200;
  for (int run = 0; run < runs; ++run) {
    const std::vector<double> rows = MakeSeries({"effect", phi}, 2000, static_cast<std::uint64_t>(run));
    std::vector<double> reference, current;
    for (std::size_t i = 0; i < rows.size(); i += kColumns)
      i < 15'000 ? reference.push_back(rows[i]) : current.push_back(rows[i] + shift);
    Random random(static_cast<std::uint64_t>(run));
    const EffectIntervals effects = EstimateEffects(reference, current, policy, random);
    coverage.shift += effects.shift.Contains(shift / 1.349) / static_cast<double>(runs);
    coverage.stability += effects.stability.Contains(stability) / static_cast<double>(runs);
  }
  return coverage;
}

TEST(EffectIntervalSimulation, NothingChangedIsWithinThem) {
  for (const double phi : {0.0, 0.5}) {
    const Coverage coverage = Cover(phi, 0, 0, 150);
    EXPECT_GE(coverage.shift, 0.88) << phi;
    EXPECT_GE(coverage.stability, 0.85) << phi;
  }
}

// 0.2377 is the index of N(0.5, 1) against N(0, 1) over the deciles of the latter.
TEST(EffectIntervalSimulation, AShiftIsWithinThem) {
  for (const double phi : {0.0, 0.5}) {
    const Coverage coverage = Cover(phi, 0.5, 0.2377, 150);
    EXPECT_GE(coverage.shift, 0.85) << phi;
    EXPECT_GE(coverage.stability, 0.85) << phi;
  }
}

}  // namespace
}  // namespace hone
