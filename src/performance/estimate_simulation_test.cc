// Estimates before labels, over many logs: how often the intervals hold what comes, how often a gap is told of when the
// concept stood still, how often when it moved; and the coverage of conformal intervals on rows of several kinds. What
// docs/reference/before_labels.md tells.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

#include "learning/learners.h"
#include "performance/estimates_for_test.h"
#include "performance/interval_replay.h"

namespace hone {
namespace {

constexpr std::size_t kReference = 2000, kCurrent = 500;
constexpr double kPhis[] = {0, 0.5, 0.9};

struct Rates {
  int runs = 0, alarms = 0, enough = 0, held = 0, metrics = 0;
  double ratio = 0;

  double alarm_rate() const { return static_cast<double>(alarms) / runs; }
  double coverage() const { return static_cast<double>(held) / metrics; }
};

void Count(const std::vector<EstimatedMetric>& metrics, Rates& rates) {
  const ConceptDrift verdict = JudgeGaps(metrics, {});
  ++rates.runs;
  rates.alarms += verdict.drift ? 1 : 0;
  rates.enough += verdict.enough ? 1 : 0;
  rates.ratio += verdict.ratio;
  for (const EstimatedMetric& metric : metrics) {
    ++rates.metrics;
    rates.held += metric.interval.Contains(metric.gap->realised) ? 1 : 0;
  }
}

void Tell(const char* what, double phi, const Rates& rates) {
  std::printf("%-28s phi %.1f: alarms %.3f, enough rows %.2f, intervals hold %.3f, ratio %.2f\n", what, phi,
              rates.alarm_rate(), static_cast<double>(rates.enough) / rates.runs, rates.coverage(),
              rates.ratio / rates.runs);
}

Rates Events(double phi, const RowChange& change, int runs) {
  Rates rates;
  for (int seed = 0; seed < runs; ++seed) {
    Random random = Random::Stream(static_cast<std::uint64_t>(seed), "events");
    const auto reference = EventRows(phi, kReference, {}, random), current = EventRows(phi, kCurrent, change, random);
    const auto losses = EstimateByConfidence(reference.rows, current.rows, {});
    EXPECT_TRUE(losses.ok());
    Count(Estimates(*losses, 0.95), rates);
  }
  return rates;
}

Rates Numbers(const char* learner, double phi, const RowChange& change, int runs) {
  Rates rates;
  for (int seed = 0; seed < runs; ++seed) {
    Random random = Random::Stream(static_cast<std::uint64_t>(seed), "numbers");
    const auto reference = NumberRows(phi, kReference, {}, random), current = NumberRows(phi, kCurrent, change, random);
    const auto losses = EstimateLossDirectly(reference, current, *FindLearner(learner), {}, 0);
    EXPECT_TRUE(losses.ok());
    Count(Estimates(*losses, 0.95), rates);
  }
  return rates;
}

// 0.05 and its 99.9 % Monte-Carlo limit.
double RateLimit(int runs) { return 0.05 + 3.1 * std::sqrt(0.05 * 0.95 / runs); }

TEST(ConfidenceEstimateSimulation, AlarmsNoMoreThanItSaysWhileTheConceptStands) {
  for (const double phi : kPhis) {
    const Rates calm = Events(phi, {}, 400), moved = Events(phi, {.shift = 0.5}, 400);
    Tell("cbpe, nothing changes", phi, calm);
    Tell("cbpe, other rows", phi, moved);
    EXPECT_LE(calm.alarm_rate(), RateLimit(400)) << phi;
    EXPECT_LE(moved.alarm_rate(), RateLimit(400)) << phi;
    EXPECT_GE(calm.coverage(), 0.92) << phi;
    EXPECT_GE(moved.coverage(), 0.92) << phi;
  }
}

TEST(ConfidenceEstimateSimulation, SeesThatTheConceptMoved) {
  for (const double phi : kPhis) {
    const Rates small = Events(phi, {.concept_shift = 0.4}, 200), large = Events(phi, {.concept_shift = 1}, 200);
    Tell("cbpe, concept moves 0.4 sd", phi, small);
    Tell("cbpe, concept moves 1 sd", phi, large);
    EXPECT_GE(large.alarm_rate(), phi < 0.9 ? 0.99 : 0.5) << phi;
    EXPECT_GT(large.ratio, small.ratio) << phi;
  }
}

// At 0.9 most logs have too few independent rows for a verdict.
TEST(DirectEstimateSimulation, AlarmsNoMoreThanItSaysWhileTheConceptStands) {
  for (const double phi : kPhis) {
    const Rates calm = Numbers("ridge", phi, {}, 400), moved = Numbers("ridge", phi, {.shift = 0.5}, 400);
    Tell("dle, nothing changes", phi, calm);
    Tell("dle, other rows", phi, moved);
    EXPECT_LE(calm.alarm_rate(), RateLimit(400)) << phi;
    EXPECT_LE(moved.alarm_rate(), RateLimit(400)) << phi;
    EXPECT_GE(calm.coverage(), 0.92) << phi;
    EXPECT_GE(moved.coverage(), 0.90) << phi;
  }
}

TEST(DirectEstimateSimulation, SeesThatTheConceptMoved) {
  for (const double phi : kPhis) {
    const Rates noise = Numbers("ridge", phi, {.noise = 1.5}, 200);
    const Rates level = Numbers("ridge", phi, {.concept_shift = 0.5}, 200);
    Tell("dle, noise x 1.5", phi, noise);
    Tell("dle, outcomes + 0.5", phi, level);
    EXPECT_GE(noise.alarms, 0.7 * noise.enough) << phi;
    EXPECT_GE(level.alarms, 0.6 * level.enough) << phi;
    if (phi == 0.9) continue;
    EXPECT_GE(noise.alarm_rate(), 0.95) << phi;
    EXPECT_GE(level.alarm_rate(), 0.95) << phi;
  }
}

double CoverageFrom(const std::vector<ScoredRow>& rows, bool adaptive, std::size_t horizon, std::size_t begin) {
  ConformalTerms terms;
  terms.adaptive = adaptive;
  const auto intervals = ReplayIntervals(rows, terms, horizon);
  double held = 0;
  for (std::size_t i = begin; i < rows.size(); ++i) held += intervals[i].interval.Contains(rows[i].outcome) ? 1 : 0;
  return held / static_cast<double>(rows.size() - begin);
}

std::vector<ScoredRow> RowsOfErrors(const std::vector<double>& errors) {
  std::vector<ScoredRow> rows;
  for (const double error : errors) rows.push_back({static_cast<Time>(rows.size()), 0, error});
  return rows;
}

std::vector<double> GarchErrors(std::size_t count, Random& random) {
  double variance = 1;
  std::vector<double> errors;
  for (std::size_t i = 0; i < count; ++i) {
    errors.push_back(std::sqrt(variance) * random.Normal());
    variance = 0.02 + 0.08 * errors.back() * errors.back() + 0.9 * variance;
  }
  return errors;
}

TEST(ConformalSimulation, AdaptiveIntervalsCoverInTheLongRunWhateverHappens) {
  constexpr std::size_t kRows = 6000, kBreak = 2000;
  for (const std::size_t horizon : {std::size_t{1}, std::size_t{5}, std::size_t{22}}) {
    Random random(11);
    auto broken = Ar1(0, kRows, random);
    std::for_each(broken.begin() + kBreak, broken.end(), [](double& error) { error *= 3; });
    const struct {
      const char* name;
      std::vector<double> errors;
      std::size_t from;
    } kinds[] = {{"independent", Ar1(0, kRows, random), 500},
                 {"AR(0.5)", Ar1(0.5, kRows, random), 500},
                 {"AR(0.9)", Ar1(0.9, kRows, random), 500},
                 {"GARCH", GarchErrors(kRows, random), 500},
                 {"after x 3", broken, kBreak}};
    for (const auto& kind : kinds) {
      const auto rows = RowsOfErrors(kind.errors);
      const double adaptive = CoverageFrom(rows, true, horizon, kind.from);
      const double split = CoverageFrom(rows, false, horizon, kind.from);
      std::printf("horizon %2zu, %-12s adaptive %.3f, split %.3f\n", horizon, kind.name, adaptive, split);
      EXPECT_NEAR(adaptive, 0.9, 0.02) << kind.name << horizon;
      if (kind.from == kBreak) {
        EXPECT_LT(split, 0.6);
      }
    }
  }
}

}  // namespace
}  // namespace hone
