#include "base/random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

namespace hone {
namespace {

TEST(Random, IsXoshiro256PlusPlusSeededThroughSplitmix) {
  // From the authors' C code (prng.di.unimi.it), state = four splitmix64 outputs from 0.
  Random random(0);
  for (const std::uint64_t expected : {0x53175d61490b23dfULL, 0x61da6f3dc380d507ULL, 0x5c0fdf91ec9a7bfcULL,
                                       0x02eebf8c3bbe5e1aULL, 0x7eca04ebaf4a5eeaULL, 0x0543c37757f08d9aULL}) {
    EXPECT_EQ(random.Next(), expected);
  }
}

TEST(Random, StreamsDependOnSeedAndName) {
  Random a = Random::Stream(1, "ids");
  Random same = Random::Stream(1, "ids");
  Random other_name = Random::Stream(1, "market");
  Random other_seed = Random::Stream(2, "ids");
  const auto first = a.Next();
  EXPECT_EQ(first, same.Next());
  EXPECT_NE(first, other_name.Next());
  EXPECT_NE(first, other_seed.Next());
}

TEST(Random, UniformHasTheRightMoments) {
  Random random(2);
  double sum = 0;
  double squares = 0;
  constexpr int kDraws = 1'000'000;
  for (int i = 0; i < kDraws; ++i) {
    const double u = random.Uniform();
    ASSERT_TRUE(u >= 0 && u < 1);
    sum += u;
    squares += u * u;
  }
  EXPECT_NEAR(sum / kDraws, 0.5, 0.0015);  // five standard errors
  EXPECT_NEAR(squares / kDraws, 1.0 / 3, 0.0015);
}

TEST(Random, NormalHasTheRightMoments) {
  Random random(3);
  double sum = 0;
  double squares = 0;
  double fourth = 0;
  constexpr int kDraws = 1'000'000;
  for (int i = 0; i < kDraws; ++i) {
    const double z = random.Normal();
    sum += z;
    squares += z * z;
    fourth += z * z * z * z;
  }
  EXPECT_NEAR(sum / kDraws, 0, 0.005);
  EXPECT_NEAR(squares / kDraws, 1, 0.0071);
  EXPECT_NEAR(fourth / kDraws, 3, 0.05);
}

TEST(Random, BelowIsUniform) {
  Random random(4);
  std::vector<int> counts(7);
  constexpr int kDraws = 700'000;
  for (int i = 0; i < kDraws; ++i) ++counts[random.Below(7)];
  double chi_squared = 0;
  for (const int count : counts) chi_squared += (count - 1e5) * (count - 1e5) / 1e5;
  EXPECT_LT(chi_squared, 33.1);  // six degrees of freedom, p = 1e-5
  EXPECT_EQ(random.Below(1), 0U);
}

TEST(Random, ShuffleIsAPermutation) {
  Random random(5);
  std::vector<int> items(100);
  std::iota(items.begin(), items.end(), 0);
  auto shuffled = items;
  Shuffle(shuffled, random);
  EXPECT_NE(shuffled, items);
  std::sort(shuffled.begin(), shuffled.end());
  EXPECT_EQ(shuffled, items);
}

}  // namespace
}  // namespace hone
