#include "models/forest/ranked_forest.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "models/forest/forest_kernel.h"
#include "models/forest/infinity.h"

namespace hone {
namespace {

const std::vector<double> kSpecial = {0.0,        -0.0,         5e-324, -5e-324, 1e-40, -1e-40, 1e-36,
                                      -1e-36,     3e38,         -3e38,  1e39,    -1e39, 1e300,  kInfinity,
                                      -kInfinity, std::nan(""), 1e-310, 1.0,     0.1};

// One split for each threshold, all of one column.
Forest StumpsOf(const std::vector<double>& thresholds, Dialect dialect, bool default_left) {
  Forest forest;
  forest.width = 1;
  forest.dialect = dialect;
  for (const double threshold : thresholds) {
    Tree tree;
    tree.splits = {
        {.threshold = threshold, .left = ~0, .right = ~1, .missing = Missing::kNan, .default_left = default_left}};
    tree.leaves = {1, 2};
    forest.trees.push_back(tree);
  }
  return forest;
}

// Each cut, and what lies just beside it as a double and as a float.
std::vector<double> ValuesAround(const std::vector<double>& cuts) {
  std::vector<double> values = kSpecial;
  for (const double cut : cuts) {
    const auto rounded = static_cast<float>(cut);
    values.insert(values.end(), {cut, std::nextafter(cut, kInfinity), std::nextafter(cut, -kInfinity), rounded,
                                 std::nextafter(rounded, 3e38F), std::nextafter(rounded, -3e38F)});
  }
  while (values.size() % kRowsTogether != 0) values.push_back(0.5);
  return values;
}

// The cuts of each byte slot in order, from what the splits are.
std::vector<std::vector<double>> CutsOf(const Forest& forest, const ForestSlots& slots, const RankedForest& ranked) {
  std::vector<std::vector<double>> cuts(ranked.ranks.slots.size());
  for (std::size_t i = 0; i < ranked.trees.size(); ++i) {
    const RankedTree::Split split = ranked.trees[i].splits.front();
    std::vector<double>& some = cuts[split.slot];
    some.resize(std::max<std::size_t>(some.size(), split.cut + 1U));
    some[split.cut] = slots.TestOf(forest.trees[i].splits.front()).threshold;
  }
  return cuts;
}

void ExpectRank(std::uint8_t rank, double value, const std::vector<double>& cuts, std::string_view kernel) {
  const auto passed = std::count_if(cuts.begin(), cuts.end(), [&](double cut) { return !(value <= cut); });
  if (std::isnan(value)) {
    ASSERT_GE(rank, passed) << kernel;  // all of them
  } else {
    ASSERT_EQ(rank, passed) << kernel << ", " << value << " among " << cuts.size() << " cuts";
  }
}

void ExpectRanks(const RankTable& table, std::size_t slot, const std::vector<double>& cuts, bool has_floats) {
  std::vector<double> values = ValuesAround(cuts);
  for (double& value : values) value = has_floats ? static_cast<float>(value) : value;
  for (int i = static_cast<int>(ForestKernel::kPortable); i <= static_cast<int>(BestForestKernel()); ++i) {
    const auto kernel = static_cast<ForestKernel>(i);
    std::uint8_t ranks[kRowsTogether];
    std::uint8_t of_row[kBlockSlots];
    for (std::size_t begin = 0; begin < values.size(); begin += kRowsTogether) {
      LoopsOf(kernel)->rank_slot(table, slot, &values[begin], ranks);
      for (std::size_t row = 0; row < kRowsTogether; ++row) {
        ASSERT_NO_FATAL_FAILURE(ExpectRank(ranks[row], values[begin + row], cuts, NameOf(kernel)));
        LoopsOf(kernel)->rank_row(table, &values[begin + row], of_row);
        ASSERT_NO_FATAL_FAILURE(ExpectRank(of_row[slot], values[begin + row], cuts, NameOf(kernel)));
      }
    }
  }
}

enum class Search { kNone, kRounded, kOfFloats };

// How byte slots of such cuts are searched.
void ExpectSearched(const std::vector<double>& thresholds, Dialect dialect, Search search) {
  for (const bool default_left : {false, true}) {
    const Forest forest = StumpsOf(thresholds, dialect, default_left);
    const ForestSlots slots(forest);
    const RankedForest ranked = RankForest(forest, slots).value();
    const std::vector<std::vector<double>> cuts = CutsOf(forest, slots, ranked);
    for (std::size_t slot = 0; slot < cuts.size(); ++slot) {
      const SlotSearch found = ranked.ranks.searches[slot];
      ASSERT_EQ(found.levels == 0, search == Search::kNone);
      ASSERT_EQ(found.has_floats, search == Search::kOfFloats);
      ASSERT_NO_FATAL_FAILURE(ExpectRanks(ranked.ranks.table(), slot, cuts[slot], SumsFloats(dialect)));
    }
  }
}

// Every power of two and of sixteen, both sides of a slot that is full, and some in between.
std::vector<int> Counts() {
  std::vector<int> counts = {63,  64,  65,  127, 128, 129, 239, 240, 241, 254,
                             255, 256, 257, 270, 271, 509, 510, 511, 600};
  for (int i = 1; i <= 34; ++i) counts.push_back(i);
  for (int i = 47; i < 600; i += 61) counts.push_back(i);
  return counts;
}

TEST(RankedForest, RanksDoublesAmongTheirRoundings) {
  Random random(1);
  for (const int count : Counts()) {
    std::vector<double> thresholds;
    for (int i = 0; i < count; ++i) thresholds.push_back(i - 300 + random.Uniform() / 2);
    ExpectSearched(thresholds, Dialect::kLightGbm, Search::kRounded);
  }
}

TEST(RankedForest, RanksFloats) {
  Random random(2);
  for (const int count : Counts()) {
    std::vector<double> thresholds;
    for (int i = 0; i < count; ++i) thresholds.push_back(static_cast<float>(i - 300 + random.Uniform() / 2));
    ExpectSearched(thresholds, Dialect::kXgboost, Search::kOfFloats);
    ExpectSearched(thresholds, Dialect::kOnnxDouble, Search::kRounded);
  }
}

TEST(RankedForest, RanksAmongCutsThatAreTheSameFloat) {
  Random random(3);
  for (const int count : {2, 15, 16, 40, 254, 600}) {
    std::vector<double> thresholds;
    for (int i = 0; i < count; ++i) {
      thresholds.push_back(i % 2 == 0 ? i + random.Uniform() : std::nextafter(thresholds.back(), kInfinity));
    }
    ExpectSearched(thresholds, Dialect::kLightGbm, Search::kNone);
  }
  ExpectSearched({-5e-324, 0.0, 5e-324}, Dialect::kLightGbm, Search::kNone);
  ExpectSearched({1.0, 1e300, 1e301}, Dialect::kLightGbm, Search::kNone);
}

TEST(RankedForest, RanksAmongCutsAtTheEndsOfFloats) {
  ExpectSearched({1.0, 1e300}, Dialect::kLightGbm, Search::kRounded);
  ExpectSearched({-1e300, 1.0}, Dialect::kLightGbm, Search::kRounded);
  ExpectSearched({-kInfinity, 1e-310, 1.0, kInfinity}, Dialect::kLightGbm, Search::kRounded);
  ExpectSearched({-kInfinity, 3e38, kInfinity}, Dialect::kOnnxDouble, Search::kRounded);
  constexpr float kTiny = 1e-40F, kHuge = 3e38F;
  ExpectSearched({-kInfinity, -kHuge, -kTiny, 0.0, kTiny, kHuge, kInfinity}, Dialect::kXgboost, Search::kOfFloats);
}

}  // namespace
}  // namespace hone
