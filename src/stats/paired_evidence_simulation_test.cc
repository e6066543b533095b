// The table of false advances in docs/reference/dependent_data.md: equal models, 1,500 rows, looks at every due row,
// alpha = 0.05.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "base/random.h"
#include "stats/paired_evidence.h"

namespace hone {
namespace {

constexpr int kRuns = 2000, kRows = 1500;
using Series = std::function<std::vector<double>(Random&)>;

std::vector<double> Normals(Random& random, std::size_t rows) {
  std::vector<double> values(rows);
  for (double& value : values) value = random.Normal();
  return values;
}

Series MovingAverage(int horizon) {
  return [horizon](Random& random) {
    const auto span = static_cast<std::size_t>(horizon);
    const std::vector<double> noise = Normals(random, kRows + span);
    std::vector<double> values(kRows);
    for (std::size_t i = 0; i < values.size(); ++i)
      for (std::size_t k = 0; k < span; ++k) values[i] += noise[i + k] / std::sqrt(horizon);
    return values;
  };
}

Series Autoregressive(double phi) {
  return [phi](Random& random) {
    std::vector<double> values = Normals(random, kRows);
    for (std::size_t i = 1; i < values.size(); ++i)
      values[i] = phi * values[i - 1] + std::sqrt(1 - phi * phi) * values[i];
    return values;
  };
}

std::vector<double> StudentT4(Random& random) {
  std::vector<double> values = Normals(random, kRows);
  for (double& value : values) {
    double squares = 0;
    for (int k = 0; k < 4; ++k) squares += std::pow(random.Normal(), 2);
    value /= std::sqrt(squares / 4);
  }
  return values;
}

std::vector<double> Garch(Random& random) {
  std::vector<double> values = Normals(random, kRows + 500);
  double variance = 1;
  for (double& value : values) {
    value *= std::sqrt(variance);
    variance = 0.02 + 0.08 * value * value + 0.90 * variance;
  }
  return {values.begin() + 500, values.end()};
}

// Row of the decision for the challenger; 0 when it never came.
std::int64_t AdvancedAt(const std::vector<double>& differences, int horizon, double gain, double g) {
  PairedEvidenceProcess process(horizon, g);
  for (const double difference : differences) {
    process.Add(difference + gain);
    if (!process.look_due()) continue;
    const PairedEvidence evidence = process.Evaluate(0.05);
    if (evidence.log_e >= std::log(10)) return evidence.mean > 0 ? process.rows() : 0;
  }
  return 0;
}

double FalseAdvances(int horizon, const Series& series, const std::string& name, double g) {
  int advanced = 0;
  for (int run = 0; run < kRuns; ++run) {
    Random random = Random::Stream(static_cast<std::uint64_t>(run), name);
    advanced += AdvancedAt(series(random), horizon, 0, g) > 0;
  }
  return advanced / static_cast<double>(kRuns);
}

// At most the stated rate, by its own 99.9 % Monte-Carlo limit.
void ExpectAtMost(double stated, int horizon, const Series& series, const std::string& name, double g = 50) {
  const double limit = stated + 3.1 * std::sqrt(stated * (1 - stated) / kRuns);
  const double rate = FalseAdvances(horizon, series, name, g);
  EXPECT_LE(rate, limit) << name << ", horizon " << horizon;
}

TEST(PairedEvidenceSimulation, MovingAveragesOfTheHorizon) {
  ExpectAtMost(.019, 1, MovingAverage(1), "ma1");
  ExpectAtMost(.009, 5, MovingAverage(5), "ma5");
  ExpectAtMost(.001, 22, MovingAverage(22), "ma22");
}

TEST(PairedEvidenceSimulation, HeavyTailsAndVolatilityClusters) {
  ExpectAtMost(.016, 1, StudentT4, "t4");
  ExpectAtMost(.014, 1, Garch, "garch");
}

TEST(PairedEvidenceSimulation, DependenceBeyondTheHorizon) {
  ExpectAtMost(.025, 1, Autoregressive(0.5), "ar5");
  ExpectAtMost(.015, 5, Autoregressive(0.5), "ar5");
  ExpectAtMost(.015, 5, Autoregressive(0.9), "ar9");
}

TEST(PairedEvidenceSimulation, StrongPersistenceAtHorizonOne) {
  ExpectAtMost(.015, 1, Autoregressive(0.9), "ar9");
  ExpectAtMost(.01, 1, Autoregressive(0.95), "ar95");
}

// At the g that rollouts use (rollout/verdict.h), where fewer blocks decide.
TEST(PairedEvidenceSimulation, TightestAtTenBlocks) {
  ExpectAtMost(.025, 1, MovingAverage(1), "ma1", 10);
  ExpectAtMost(.03, 5, MovingAverage(5), "ma5", 10);
  ExpectAtMost(.05, 1, Autoregressive(0.5), "ar5", 10);
  ExpectAtMost(.06, 1, Autoregressive(0.9), "ar9", 10);
}

// Losses 4 + shared + a / 2 and 4 - 0.2 + shared + b / 2: the difference has a standard deviation of 0.71.
TEST(PairedEvidenceSimulation, AGainOfAFifthOfTheLossDeviationTakesAbout146Rows) {
  std::vector<std::int64_t> decided;
  for (int run = 0; run < kRuns; ++run) {
    Random random = Random::Stream(static_cast<std::uint64_t>(run), "gain");
    const std::int64_t row = AdvancedAt(Normals(random, kRows), 1, 0.2 * std::sqrt(2), 50);
    decided.push_back(row > 0 ? row : kRows);
  }
  std::nth_element(decided.begin(), decided.begin() + kRuns / 2, decided.end());
  EXPECT_NEAR(static_cast<double>(decided[kRuns / 2]), 146, 12);
}

}  // namespace
}  // namespace hone
