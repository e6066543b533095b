#include "stats/paired_evidence.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/random.h"

namespace hone {
namespace {

struct Direct {
  double log_e = 0, variance = -1, blocks = 0, length = 0;
};

std::vector<double> BlockMeans(const std::vector<double>& d, int k) {
  std::vector<double> means(d.size() / static_cast<std::size_t>(k));
  for (std::size_t i = 0; i < means.size() * static_cast<std::size_t>(k); ++i)
    means[i / static_cast<std::size_t>(k)] += d[i] / k;
  return means;
}

// Lagged products of what the values are off their mean, over n - 1.
double Covariance(const std::vector<double>& values, std::size_t lag) {
  const double n = static_cast<double>(values.size());
  double mean = 0, products = 0;
  for (const double value : values) mean += value / n;
  for (std::size_t i = lag; i < values.size(); ++i) products += (values[i] - mean) * (values[i - lag] - mean);
  return products / (n - 1);
}

// The formula of the header, written out.
Direct FromFormula(const std::vector<double>& d, int horizon, double g) {
  Direct direct;
  const int n = static_cast<int>(d.size()), shortest = 2 * horizon;
  double mean = 0;
  for (const double value : d) mean += value / n;
  const auto consider = [&direct](double variance, double blocks, double length) {
    if (variance > direct.variance) direct = {0, variance, blocks, length};
  };
  for (int k = shortest; n / k >= 12; k *= 2) consider(k * Covariance(BlockMeans(d, k), 0), n / k, k);
  const std::vector<double> base = BlockMeans(d, shortest);
  const double count = static_cast<double>(base.size()), measured = Covariance(base, 1) / Covariance(base, 0);
  if (measured * std::sqrt(count) >= 1) {
    const double r = std::min(measured + 2 * (1 + 3 * measured) / count, 0.97), longer = (1 + r) / (1 - r);
    consider(shortest * Covariance(base, 0) * longer, std::max(2.0, count * (1 - r) * (1 - r)), shortest * longer);
  }
  const double big_n = n / (2.0 * horizon), t2 = n * mean * mean / direct.variance;
  direct.log_e = 0.5 * std::log(g / (big_n + g)) + 0.5 * direct.blocks *
                                                       (std::log(1 + t2 / (direct.blocks - 1)) -
                                                        std::log(1 + t2 * g / ((big_n + g) * (direct.blocks - 1))));
  return direct;
}

TEST(PairedEvidence, IsTheFormulaAtEveryLook) {
  for (const int horizon : {1, 3, 22}) {
    Random random(7);
    PairedEvidenceProcess process(horizon, 30);
    std::vector<double> rows;
    double level = 0;
    for (int i = 0; i < 1200; ++i) {
      level = 0.6 * level + random.Normal();
      rows.push_back(level + 0.1);
      process.Add(rows.back());
      if (!process.look_due()) continue;
      const Direct direct = FromFormula(rows, horizon, 30);
      const PairedEvidence evidence = process.Evaluate(0.05);
      ASSERT_NEAR(evidence.log_e, direct.log_e, 1e-9 * (1 + std::abs(direct.log_e))) << i;
      ASSERT_NEAR(evidence.variance, direct.variance, 1e-9 * direct.variance);
      ASSERT_EQ(evidence.blocks, static_cast<int>(direct.blocks));
      ASSERT_NEAR(evidence.block_length, direct.length, 0.51);
    }
  }
}

TEST(PairedEvidence, NeighboursAreMeasuredFarFromZeroToo) {
  Random random(8);
  PairedEvidenceProcess near(1), far(1);
  double level = 0;
  for (int i = 0; i < 500; ++i) {
    level = 0.9 * level + random.Normal();
    near.Add(level);
    far.Add(level + 1e6);
  }
  EXPECT_NEAR(far.Evaluate(0.05).variance / near.Evaluate(0.05).variance, 1, 1e-6);
}

// A checkpoint of a release that did not keep neighbours.
TEST(PairedEvidence, AnOlderStateGoesOnByItsBlocks) {
  Random random(5);
  PairedEvidenceProcess whole(1);
  for (int i = 0; i < 200; ++i) whole.Add(random.Normal());
  PairedEvidenceProcess::State older = whole.state();
  older.neighbours.reset();
  PairedEvidenceProcess restored(1);
  restored.Restore(older);
  for (int i = 0; i < 100; ++i) restored.Add(random.Normal());
  const PairedEvidence evidence = restored.Evaluate(0.05);
  EXPECT_TRUE(evidence.block_length == 2 || evidence.block_length == 4 || evidence.block_length == 8 ||
              evidence.block_length == 16)
      << evidence.block_length;
  EXPECT_FALSE(restored.state().neighbours.has_value());
}

TEST(PairedEvidence, LooksEveryTwoHorizonsFromTwentyFourOn) {
  PairedEvidenceProcess process(5);
  std::vector<std::int64_t> looks;
  for (int i = 0; i < 150; ++i) {
    process.Add(i % 7);
    if (process.look_due()) looks.push_back(process.rows());
  }
  EXPECT_EQ(looks, (std::vector<std::int64_t>{120, 130, 140, 150}));
}

TEST(PairedEvidence, WithoutTwelveBlocksSaysNothing) {
  PairedEvidenceProcess process(5);
  for (int i = 0; i < 119; ++i) process.Add(100 + i % 3);
  const PairedEvidence evidence = process.Evaluate(0.05);
  EXPECT_EQ(evidence.log_e, 0);
  EXPECT_EQ(evidence.blocks, 0);
  EXPECT_TRUE(std::isinf(evidence.low) && std::isinf(evidence.high));
}

TEST(PairedEvidence, IntervalEndsAreWhereTheEvidenceReachesAlpha) {
  Random random(3);
  std::vector<double> rows;
  PairedEvidenceProcess process(2);
  for (int i = 0; i < 800; ++i) {
    rows.push_back(random.Normal() + 0.3);
    process.Add(rows.back());
  }
  const PairedEvidence evidence = process.Evaluate(0.1);
  ASSERT_TRUE(std::isfinite(evidence.low));
  for (const double end : {evidence.low, evidence.high}) {
    PairedEvidenceProcess shifted(2);
    for (const double row : rows) shifted.Add(row - end);
    EXPECT_NEAR(shifted.Evaluate(0.1).log_e, std::log(1 / 0.1), 1e-6);
  }
}

TEST(PairedEvidence, MeansOfAllAndOfTheNewest) {
  PairedEvidenceProcess process(1);
  EXPECT_EQ(process.mean(), 0);
  EXPECT_EQ(process.MeanOfLast(3), 0);
  for (const double value : {1.0, 2.0, 6.0, 7.0}) process.Add(value);
  EXPECT_DOUBLE_EQ(process.mean(), 4);
  EXPECT_DOUBLE_EQ(process.MeanOfLast(2), 6.5);
  EXPECT_DOUBLE_EQ(process.MeanOfLast(99), 4);
}

TEST(PairedEvidence, ARestoredProcessGoesOnToTheBit) {
  Random random(5);
  PairedEvidenceProcess whole(3);
  for (int i = 0; i < 333; ++i) whole.Add(random.Normal());
  PairedEvidenceProcess restored(3);
  restored.Restore(whole.state());
  for (int i = 0; i < 400; ++i) {
    const double difference = random.Normal() + 0.2;
    whole.Add(difference);
    restored.Add(difference);
    ASSERT_EQ(whole.Evaluate(0.05).log_e, restored.Evaluate(0.05).log_e);
    ASSERT_EQ(whole.MeanOfLast(60), restored.MeanOfLast(60));
    ASSERT_EQ(whole.look_due(), restored.look_due());
  }
}

TEST(PairedEvidence, EqualLossesAreNoEvidenceAndAConstantGainIs) {
  PairedEvidenceProcess equal(1), gain(1);
  for (int i = 0; i < 200; ++i) {
    equal.Add(0);
    gain.Add(0.5);
  }
  EXPECT_LE(equal.Evaluate(0.05).log_e, 0);
  EXPECT_TRUE(equal.Evaluate(0.05).low <= 0 && equal.Evaluate(0.05).high >= 0);
  EXPECT_GT(gain.Evaluate(0.05).log_e, std::log(10));
  EXPECT_NEAR(gain.Evaluate(0.05).low, 0.5, 1e-12);
}

TEST(PairedEvidence, ALossThatIsNotFiniteEndsTheEvidence) {
  PairedEvidenceProcess process(1);
  for (int i = 0; i < 200; ++i) process.Add(i == 50 ? NAN : 0.5 + i % 2);
  EXPECT_EQ(process.Evaluate(0.05).log_e, 0);
  EXPECT_TRUE(std::isinf(process.Evaluate(0.05).high));
}

}  // namespace
}  // namespace hone
