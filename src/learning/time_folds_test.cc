#include "learning/time_folds.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "base/random.h"
#include "learning/test_rows.h"

namespace hone {
namespace {

TEST(TimeFolds, NoLabelLearnedFromIsOpenWhenTheFirstRowIsJudged) {
  const Dataset data = MakeTestRows(1000, 1, 1);
  auto folds = MakeTimeFolds(data, 100, 900, {.folds = 4, .min_train_rows = 300, .embargo_rows = 7});
  ASSERT_TRUE(folds.ok()) << folds.error().ToString();
  ASSERT_EQ(folds->size(), 4U);
  std::size_t next = 400;
  for (const TimeFold& fold : *folds) {
    EXPECT_EQ(fold.train_begin, 100U);
    EXPECT_EQ(fold.test_begin, next);
    next = fold.test_end;
    // Labels take five days: the last row learned from is five days earlier, less the embargo.
    EXPECT_EQ(fold.train_end, fold.test_begin - 4 - 7);
    for (std::size_t i = fold.train_begin; i < fold.train_end; ++i) {
      EXPECT_LE(data.label_time[i], data.time[fold.test_begin]);
    }
  }
  EXPECT_EQ(next, 900U);
}

TEST(TimeFolds, OneLateLabelEndsTheRowsToLearnFrom) {
  Dataset data = MakeTestRows(100, 1, 1);
  data.label_time[40] = data.time[90];
  EXPECT_EQ(PurgedEnd(data, 0, 80), 40U);
  EXPECT_EQ(PurgedEnd(data, 0, 90), 86U);
}

TEST(TimeFolds, RefusesWhatCannotBeCut) {
  const Dataset data = MakeTestRows(100, 1, 1);
  EXPECT_FALSE(MakeTimeFolds(data, 0, 101, {}).ok());
  EXPECT_FALSE(MakeTimeFolds(data, 50, 40, {}).ok());
  EXPECT_FALSE(MakeTimeFolds(data, 0, 100, {.folds = 0}).ok());
  EXPECT_FALSE(MakeTimeFolds(data, 0, 100, {.folds = 60, .min_train_rows = 50}).ok());
  EXPECT_FALSE(MakeTimeFolds(data, 0, 100, {.folds = 5, .min_train_rows = 100}).ok());
  EXPECT_FALSE(MakeTimeFolds(data, 0, 4, {.folds = 5}).ok());
  const auto swallowed = MakeTimeFolds(data, 0, 100, {.folds = 5, .min_train_rows = 20, .embargo_rows = 50});
  ASSERT_FALSE(swallowed.ok());
  EXPECT_EQ(swallowed.error().key, "embargo_rows");
}

// Noise: the label is the sign of a 20-day sum of future returns, the features slow random walks that know nothing of
// it. Neighbouring labels overlap, so a nearest-neighbour rule that may learn from the neighbours of the judged row
// looks skilful, and one that may not does not.
struct Noise {
  Dataset data;
  std::vector<double> sign;
};

Noise MakeNoise(std::uint64_t seed) {
  constexpr int kHorizon = 20, kRows = 1500;
  Random random(seed);
  std::vector<double> returns(kRows + kHorizon);
  for (double& value : returns) value = random.Normal();
  Noise noise;
  noise.data.names = {"a", "b", "c"};
  double level[3] = {};
  for (int i = 0; i < kRows; ++i) {
    for (double& value : level) noise.data.x.push_back(value += random.Normal());
    noise.data.time.push_back(i * kDay);
    noise.data.label_time.push_back((i + kHorizon) * kDay);
    noise.data.y.push_back(std::accumulate(returns.begin() + i, returns.begin() + i + kHorizon, 0.0));
    noise.sign.push_back(noise.data.y.back() > 0 ? 1 : -1);
  }
  return noise;
}

// Share of rows whose sign is that of the majority of the five learned rows with the nearest features.
double Accuracy(const Noise& noise, const std::vector<std::size_t>& learned, const std::vector<std::size_t>& judged) {
  double right = 0;
  for (const std::size_t i : judged) {
    std::vector<std::pair<double, double>> near;
    for (const std::size_t k : learned) {
      double distance = 0;
      for (std::size_t j = 0; j < 3; ++j) distance += std::pow(noise.data.row(k)[j] - noise.data.row(i)[j], 2);
      near.emplace_back(distance, noise.sign[k]);
    }
    std::partial_sort(near.begin(), near.begin() + 5, near.end());
    double votes = 0;
    for (int v = 0; v < 5; ++v) votes += near[static_cast<std::size_t>(v)].second;
    right += votes * noise.sign[i] > 0;
  }
  return right / static_cast<double>(judged.size());
}

std::vector<std::size_t> Range(std::size_t begin, std::size_t end) {
  std::vector<std::size_t> range(end - begin);
  std::iota(range.begin(), range.end(), begin);
  return range;
}

double ShuffledAccuracy(const Noise& noise, std::uint64_t seed) {
  std::vector<std::size_t> order = Range(0, noise.data.rows());
  Random random(seed);
  Shuffle(order, random);
  double sum = 0;
  for (std::size_t k = 0; k < 5; ++k) {
    const auto begin = order.begin() + static_cast<std::ptrdiff_t>(k * 300);
    std::vector<std::size_t> learned(order.begin(), begin);
    learned.insert(learned.end(), begin + 300, order.end());
    sum += Accuracy(noise, learned, {begin, begin + 300}) / 5;
  }
  return sum;
}

double FoldAccuracy(const Noise& noise) {
  double sum = 0;
  const auto folds = MakeTimeFolds(noise.data, 0, noise.data.rows(), {.folds = 5, .embargo_rows = 20});
  for (const TimeFold& fold : *folds) {
    sum += Accuracy(noise, Range(fold.train_begin, fold.train_end), Range(fold.test_begin, fold.test_end)) / 5;
  }
  return sum;
}

TEST(TimeFolds, NoiseScoresAHalfWhereShuffledCrossValidationFlatters) {
  constexpr int kSeeds = 20;
  double shuffled = 0, purged = 0;
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    const Noise noise = MakeNoise(seed);
    shuffled += ShuffledAccuracy(noise, seed) / kSeeds;
    purged += FoldAccuracy(noise) / kSeeds;
  }
  RecordProperty("shuffled", std::to_string(shuffled));
  RecordProperty("purged", std::to_string(purged));
  EXPECT_GT(shuffled, 0.65);
  EXPECT_NEAR(purged, 0.5, 0.04);
}

}  // namespace
}  // namespace hone
