#include "models/forest/compiled_forest.h"

#include <algorithm>
#include <utility>

#include "models/forest/category_slots.h"

namespace hone {
namespace {

// Fewer rows than this are answered one by one: selection takes as long for one row as for kRowsTogether.
constexpr std::size_t kFewRows = 16;

}  // namespace

bool IsNumerical(const Forest& forest) {
  return std::ranges::all_of(forest.trees, [](const Tree& tree) {
    const auto categorical = [](const Split& split) { return split.categorical; };
    return tree.linear.empty() && std::ranges::none_of(tree.splits, categorical);
  });
}

bool CanCompile(const Forest& forest) {
  if (forest.aggregate == Aggregate::kMin || forest.aggregate == Aggregate::kMax) return false;
  constexpr std::size_t kMaxSlots = LockstepForest<double>::kMaxSlots;
  std::size_t nodes = 0;
  for (const Tree& tree : forest.trees) nodes += tree.splits.size() + tree.leaves.size();
  return nodes < LockstepForest<double>::kMaxNodes && CategorySlots::CanHold(forest) &&
         ForestSlots(forest).size() + CategorySlots(forest).size() <= kMaxSlots;
}

template <typename Real>
CompiledForest<Real>::CompiledForest(const Forest& forest, std::optional<ForestKernel> kernel)
    : kernel_(kernel.value_or(BestForestKernel())), outputs_(forest.outputs()), slots_(forest) {
  if (const Kernel* const loops = LoopsOf(kernel_); loops != nullptr && IsNumerical(forest))
    RankWith(forest, *loops, !kernel.has_value());
  if (blocks_ == nullptr) lockstep_ = std::make_unique<LockstepForest<Real>>(forest, slots_);
}

template <typename Real>
void CompiledForest<Real>::RankWith(const Forest& forest, const Kernel& loops, bool where_it_pays) {
  std::optional<RankedForest> ranked = RankForest(forest, slots_);
  if (!ranked) return;
  const std::size_t slots = ranked->ranks.slots.size();
  const auto pays = [&](double slots_for_tree) {
    return !where_it_pays || static_cast<double>(slots) <= slots_for_tree * static_cast<double>(forest.trees.size());
  };
  if (pays(loops.batch_slots_for_tree) && SelectForest<Real>::Fits(*ranked, loops)) {
    select_ = std::make_unique<SelectForest<Real>>(*ranked, OutputSums(forest), loops);
  }
  if (pays(loops.slots_for_tree) && loops.exits != nullptr && slots <= loops.block_slots) {
    if (std::optional<Blocks> blocks = MakeBlocks(ranked->trees)) {
      blocks_ = std::make_unique<BlockForest<Real>>(std::move(*blocks), slots, OutputSums(forest), loops);
    }
  }
  rank_row_ = loops.rank_row;
  ranks_ = std::move(ranked->ranks);
}

template <typename Real>
void CompiledForest<Real>::Margins(const double* row, std::span<double> margins) const noexcept {
  if (blocks_ == nullptr) return lockstep_->Margins(slots_, row, margins);
  double values[kBlockSlots];  // each byte slot has a slot of its own, or shares one
  std::uint8_t ranks[kBlockSlots];
  slots_.Fill(row, values);
  rank_row_(ranks_.table(), values, ranks);
  blocks_->Margins(ranks, margins);
}

template <typename Real>
void CompiledForest<Real>::RowsInBlocks(const double* rows, std::size_t width, std::size_t count,
                                        double* margins) const noexcept {
  for (std::size_t i = 0; i < count; ++i) Margins(rows + i * width, {margins + i * outputs_, outputs_});
}

template <typename Real>
void CompiledForest<Real>::Margins(const double* rows, std::size_t width, std::size_t count,
                                   double* margins) const noexcept {
  std::size_t selected = 0;
  if (select_ != nullptr) {
    selected = count % kRowsTogether < kFewRows ? count - count % kRowsTogether : count;
    select_->Margins(slots_, ranks_, rows, width, selected, margins);
  }
  rows += selected * width, margins += selected * outputs_, count -= selected;
  if (count == 0) return;
  if (blocks_ != nullptr) return RowsInBlocks(rows, width, count, margins);
  lockstep_->Margins(slots_, rows, width, count, margins);
}

template <typename Real>
std::string CompiledForest<Real>::Describe() const {
  const char* const one = blocks_ != nullptr ? "blocks" : "lockstep";
  return std::string(NameOf(kernel_)) + ": one row in " + one + ", many " +
         (select_ != nullptr ? "by selection" : std::string("in ") + one);
}

template class CompiledForest<float>;
template class CompiledForest<double>;

}  // namespace hone
