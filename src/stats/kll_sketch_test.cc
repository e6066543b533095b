#include "stats/kll_sketch.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/random.h"

namespace hone {
namespace {

std::vector<double> Normals(std::size_t count, std::uint64_t seed) {
  Random random(seed);
  std::vector<double> values(count);
  for (double& value : values) value = random.Normal();
  return values;
}

KllSketch SketchOf(const std::vector<double>& values, std::uint64_t seed) {
  KllSketch sketch(200, seed);
  for (const double value : values) sketch.Add(value);
  return sketch;
}

double RankAmong(const std::vector<double>& sorted, double value) {
  const auto end = std::upper_bound(sorted.begin(), sorted.end(), value);
  return static_cast<double>(end - sorted.begin()) / static_cast<double>(sorted.size());
}

TEST(KllSketch, IsExactWhileNothingIsDropped) {
  KllSketch sketch;
  for (int i = 99; i >= 0; --i) sketch.Add(i);
  EXPECT_EQ(sketch.kept(), 100u);
  EXPECT_EQ(sketch.Quantile(0.5), 49);
  EXPECT_EQ(sketch.Quantile(0.01), 0);
  EXPECT_EQ(sketch.Quantile(0), 0);
  EXPECT_EQ(sketch.Quantile(1), 99);
  EXPECT_EQ(sketch.Rank(49), 0.5);
  EXPECT_EQ(sketch.Rank(-1), 0);
}

TEST(KllSketch, WithoutValuesThereIsNoQuantile) {
  const KllSketch sketch;
  EXPECT_TRUE(std::isnan(sketch.Quantile(0.5)));
  EXPECT_TRUE(std::isnan(sketch.Rank(0)));
  EXPECT_TRUE(std::isnan(sketch.min()));
}

// At each rank the error must pass the stated bound in at most one of 100 streams: of 300 streams 3 are expected, and
// 10 or more have a chance of 0.001 at a rank.
TEST(KllSketch, RanksKeepToTheBound) {
  const std::vector<double> ranks = {0.05, 0.25, 0.5, 0.75, 0.95};
  std::vector<int> beyond(ranks.size());
  for (std::uint64_t stream = 0; stream < 300; ++stream) {
    std::vector<double> values = Normals(10'000, stream);
    if (stream % 3 == 1) std::sort(values.begin(), values.end());
    const KllSketch sketch = SketchOf(values, stream + 1000);
    std::sort(values.begin(), values.end());
    for (std::size_t i = 0; i < ranks.size(); ++i) {
      const double value = values[static_cast<std::size_t>(ranks[i] * 10'000)];
      beyond[i] += std::fabs(sketch.Rank(value) - RankAmong(values, value)) > 0.007;
    }
  }
  for (std::size_t i = 0; i < ranks.size(); ++i) EXPECT_LT(beyond[i], 10) << "at rank " << ranks[i];
  EXPECT_LT(0.007, KllSketch::RankError(200));
}

TEST(KllSketch, QuantilesAreWithinTwiceTheBound) {
  std::vector<double> values = Normals(100'000, 7);
  const KllSketch sketch = SketchOf(values, 8);
  std::sort(values.begin(), values.end());
  for (const double probability : {0.01, 0.1, 0.5, 0.9, 0.99}) {
    EXPECT_NEAR(RankAmong(values, sketch.Quantile(probability)), probability, 2 * KllSketch::RankError(200));
  }
  EXPECT_EQ(sketch.min(), values.front());
  EXPECT_EQ(sketch.max(), values.back());
}

TEST(KllSketch, MemoryIsFixed) {
  KllSketch sketch;
  std::size_t most = 0;
  for (int i = 0; i < 500'000; ++i) {
    sketch.Add(i % 1000);
    if (i % 100 == 0) most = std::max(most, sketch.kept());
  }
  EXPECT_EQ(sketch.count(), 500'000);
  EXPECT_LE(most, KllSketch::MostKept(200));
  EXPECT_LT(KllSketch::MostKept(200), 1000u);
}

TEST(KllSketch, MergedSketchesAreOneOfAll) {
  std::vector<double> values = Normals(60'000, 3);
  KllSketch merged(200, 1);
  for (int part = 0; part < 3; ++part) {
    merged.Merge(SketchOf({values.begin() + part * 20'000, values.begin() + (part + 1) * 20'000}, 10 + part));
  }
  std::sort(values.begin(), values.end());
  EXPECT_EQ(merged.count(), 60'000);
  EXPECT_LE(merged.kept(), KllSketch::MostKept(200));
  for (const double probability : {0.1, 0.5, 0.9}) {
    EXPECT_NEAR(RankAmong(values, merged.Quantile(probability)), probability, 2 * KllSketch::RankError(200));
  }
}

TEST(KllSketch, IsTheSameForTheSameSeed) {
  const std::vector<double> values = Normals(50'000, 5);
  for (const double probability : {0.1, 0.37, 0.9}) {
    EXPECT_EQ(SketchOf(values, 4).Quantile(probability), SketchOf(values, 4).Quantile(probability));
  }
}

}  // namespace
}  // namespace hone
