#include "models/forest/ranked_forest.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <span>

#include "models/forest/infinity.h"
#include "models/forest/output_sums.h"

namespace hone {
namespace {

// NaN, which every value passes, comes first.
bool Below(double a, double b) { return std::isnan(a) ? !std::isnan(b) : a < b; }

bool Same(double a, double b) { return !Below(a, b) && !Below(b, a); }

// Of each slot, distinct and ascending.
std::vector<std::vector<double>> ThresholdsOf(const Forest& forest, const ForestSlots& slots) {
  std::vector<std::vector<double>> thresholds(slots.size());
  for (const Tree& tree : forest.trees) {
    for (const Split& split : tree.splits) {
      const ForestSlots::Test test = slots.TestOf(split);
      thresholds[test.slot].push_back(test.threshold);
    }
  }
  for (std::vector<double>& values : thresholds) {
    std::sort(values.begin(), values.end(), Below);
    values.erase(std::unique(values.begin(), values.end(), Same), values.end());
  }
  return thresholds;
}

// At most kMaxCuts consecutive thresholds of one slot.
struct Run {
  std::size_t source = 0, begin = 0, count = 0;
  std::size_t byte_slot = 0;
};

std::vector<Run> RunsOf(const std::vector<std::vector<double>>& thresholds) {
  std::vector<Run> runs;
  for (std::size_t slot = 0; slot < thresholds.size(); ++slot) {
    for (std::size_t begin = 0; begin < thresholds[slot].size(); begin += kMaxCuts) {
      runs.push_back({slot, begin, std::min(kMaxCuts, thresholds[slot].size() - begin)});
    }
  }
  return runs;
}

CutBlock EmptyBlock() {
  CutBlock block;
  std::fill(std::begin(block.cuts), std::end(block.cuts), kInfinity);
  return block;
}

void AddCuts(const double* thresholds, std::size_t count, std::vector<CutBlock>& blocks) {
  const std::size_t taken = count / kCutsPerBlock + 1;
  if (taken > 1) {
    CutBlock& pivots = blocks.emplace_back(EmptyBlock());
    for (std::size_t i = 0; i + 1 < taken; ++i) pivots.cuts[i] = thresholds[(i + 1) * kCutsPerBlock - 1];
  }
  for (std::size_t begin = 0; begin <= count; begin += kCutsPerBlock) {
    CutBlock& block = blocks.emplace_back(EmptyBlock());
    std::copy_n(thresholds + begin, std::min(kCutsPerBlock, count - begin), block.cuts);
  }
}

// `thresholds` fill the tree in order, from the left.
void FillTree(const std::vector<float>& thresholds, int levels, FloatBlock* blocks) {
  for (int level = 0; level < levels; ++level) {
    const std::size_t places = std::size_t{1} << level, step = std::size_t{1} << (levels - level);
    for (std::size_t i = 0; i < places; ++i) {
      const std::size_t rank = i * step + step / 2 - 1;
      blocks[(places + i) / kCutsPerBlock].cuts[(places + i) % kCutsPerBlock] =
          rank < thresholds.size() ? thresholds[rank] : std::numeric_limits<float>::infinity();
    }
  }
}

bool HasFloats(SlotKind kind) { return kind == kFloatNanRight || kind == kFloatNanLeft; }

bool IsFloat(double value) { return std::isnan(value) || static_cast<double>(static_cast<float>(value)) == value; }

SlotSearch AddSearch(std::span<const double> thresholds, bool of_floats, std::vector<FloatBlock>& trees) {
  const std::vector<float> rounded(thresholds.begin(), thresholds.end());
  if (std::adjacent_find(rounded.begin(), rounded.end()) != rounded.end()) return {};
  const int levels = std::max(kMinLevels, static_cast<int>(std::bit_width(thresholds.size())));
  const std::size_t begin = trees.size();
  trees.resize(begin + (std::size_t{1} << levels) / kCutsPerBlock);
  FillTree(rounded, levels, trees.data() + begin);
  return {static_cast<std::uint32_t>(begin), static_cast<std::uint8_t>(levels),
          of_floats && std::all_of(thresholds.begin(), thresholds.end(), IsFloat)};
}

SlotRanks MakeRanks(const std::vector<std::vector<double>>& thresholds, const ForestSlots& slots,
                    std::vector<Run>& runs) {
  SlotRanks ranks;
  for (const bool is_long : {false, true}) {
    for (Run& run : runs) {
      if ((run.count >= kCutsPerBlock) != is_long) continue;
      run.byte_slot = ranks.slots.size();
      ranks.slots.push_back({static_cast<std::uint32_t>(run.source), static_cast<std::uint32_t>(ranks.blocks.size())});
      const std::span<const double> cuts(thresholds[run.source].data() + run.begin, run.count);
      AddCuts(cuts.data(), cuts.size(), ranks.blocks);
      ranks.searches.push_back(AddSearch(cuts, HasFloats(slots.KindOf(run.source)), ranks.trees));
    }
    if (!is_long) ranks.long_begin = ranks.slots.size();
  }
  ranks.blocks.resize(ranks.blocks.size() + kCutsPerBlock, EmptyBlock());  // NaN reads beyond its slot
  return ranks;
}

}  // namespace

std::optional<RankedForest> RankForest(const Forest& forest, const ForestSlots& slots) {
  const std::vector<std::vector<double>> thresholds = ThresholdsOf(forest, slots);
  std::vector<Run> runs = RunsOf(thresholds);
  if (runs.size() > RankedForest::kMaxSlots) return std::nullopt;
  RankedForest ranked;
  ranked.ranks = MakeRanks(thresholds, slots, runs);

  std::vector<std::size_t> first_run(slots.size());
  for (std::size_t i = runs.size(); i-- > 0;) first_run[runs[i].source] = i;
  for (const Tree* tree : TreesByOutput(forest)) {
    RankedTree& made = ranked.trees.emplace_back();
    made.leaves = &tree->leaves;
    for (const Split& split : tree->splits) {
      const ForestSlots::Test test = slots.TestOf(split);
      const std::vector<double>& values = thresholds[test.slot];
      const auto cut = static_cast<std::size_t>(std::lower_bound(values.begin(), values.end(), test.threshold, Below) -
                                                values.begin());
      const Run& run = runs[first_run[test.slot] + cut / kMaxCuts];
      made.splits.push_back({static_cast<std::uint16_t>(run.byte_slot), static_cast<std::uint8_t>(cut % kMaxCuts),
                             test.left, test.right});
    }
  }
  return ranked;
}

}  // namespace hone
