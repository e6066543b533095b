#include "models/forest/flat_forest_builder.h"

#include <algorithm>
#include <numeric>
#include <string>
#include <utility>

#include "models/forest/output_sums.h"
#include "models/forest/slots.h"

namespace hone {
namespace {

constexpr std::size_t kMaxNodes = (std::size_t{1} << 32) - 1;

Error LeftToProcessor(std::string why) { return {ErrorCode::kInvalidArgument, std::move(why), "", 0, ""}; }

// Without fmt: bench/gpu is built where there is none.
std::string TooMany(const char* what, std::size_t count, const char* unit, std::size_t most) {
  return std::string(what) + ' ' + std::to_string(count) + ' ' + unit + ", a GPU takes " + std::to_string(most);
}

Status CheckTree(const Tree& tree) {
  const std::size_t nodes = tree.splits.size() + tree.leaves.size();
  if (!tree.linear.empty()) return LeftToProcessor("it has linear leaves");
  if (nodes > kFlatMaxTreeNodes) {
    return LeftToProcessor(TooMany("a tree has", nodes, "nodes", kFlatMaxTreeNodes));
  }
  const auto categorical = [](const Split& split) { return split.categorical; };
  if (std::ranges::any_of(tree.splits, categorical)) return LeftToProcessor("it has categorical splits");
  return OkStatus();
}

Status CheckForest(const Forest& forest) {
  if (forest.aggregate == Aggregate::kMin || forest.aggregate == Aggregate::kMax) {
    return LeftToProcessor("its trees are not added up");
  }
  std::size_t nodes = 0;
  for (const Tree& tree : forest.trees) {
    HONE_RETURN_IF_ERROR(CheckTree(tree));
    nodes += tree.splits.size() + tree.leaves.size();
  }
  if (nodes > kMaxNodes) return LeftToProcessor(TooMany("it has", nodes, "nodes", kMaxNodes));
  return OkStatus();
}

template <typename Real>
class Flattening {
 public:
  Flattening(const Forest& forest, const ForestSlots& slots) : slots_(slots), place_(slots.size()) {
    flat_.width = static_cast<std::uint32_t>(forest.width);
    PlaceSlots();
    for (const OutputSum& sum : OutputSums(forest)) {
      flat_.outputs.push_back(
          {static_cast<Real>(sum.first), static_cast<Real>(sum.last), static_cast<std::uint32_t>(sum.trees_end)});
    }
    flat_.tree_begin.push_back(0);
    for (const Tree* tree : TreesByOutput(forest)) AddTree(*tree);
  }

  FlatForest<Real> Take() && { return std::move(flat_); }

 private:
  // By column, so that a group of columns fills a range of slots.
  void PlaceSlots() {
    std::vector<std::size_t> order(slots_.size());
    std::iota(order.begin(), order.end(), 0);
    std::ranges::stable_sort(order, {}, [this](std::size_t slot) { return slots_.ColumnOf(slot); });
    flat_.group_begin.push_back(0);
    for (const std::size_t slot : order) {
      place_[slot] = static_cast<std::uint32_t>(flat_.slots.size());
      EndGroupsBefore(slots_.ColumnOf(slot) / kStageColumns);
      flat_.slots.push_back({slots_.ColumnOf(slot), slots_.KindOf(slot)});
    }
    EndGroupsBefore(flat_.view().groups());
  }
  void EndGroupsBefore(std::size_t group) {
    flat_.group_begin.resize(std::max(flat_.group_begin.size(), group + 1),
                             static_cast<std::uint32_t>(flat_.slots.size()));
  }

  void AddTree(const Tree& tree) {
    std::vector<std::int32_t> order = {tree.splits.empty() ? ~0 : 0};
    for (std::size_t i = 0; i < order.size(); ++i) {
      if (order[i] < 0) {
        const std::int32_t leaf = ~order[i];
        flat_.nodes.push_back({static_cast<Real>(tree.leaves[static_cast<std::size_t>(leaf)]), kFlatMaxSlots << 20});
        continue;
      }
      const ForestSlots::Test test = slots_.TestOf(tree.splits[static_cast<std::size_t>(order[i])]);
      flat_.nodes.push_back(
          {static_cast<Real>(test.threshold), place_[test.slot] << 20 | static_cast<std::uint32_t>(order.size())});
      order.push_back(test.left);
      order.push_back(test.right);
    }
    flat_.tree_begin.push_back(static_cast<std::uint32_t>(flat_.nodes.size()));
  }

  const ForestSlots& slots_;
  std::vector<std::uint32_t> place_;  // of each of the forest's slots among the flat ones
  FlatForest<Real> flat_;
};

}  // namespace

template <typename Real>
Result<FlatForest<Real>> FlattenForest(const Forest& forest) {
  HONE_RETURN_IF_ERROR(CheckForest(forest));
  const ForestSlots slots(forest);
  if (slots.size() > kFlatMaxSlots) {
    return LeftToProcessor(TooMany("its splits read", slots.size(), "slots", kFlatMaxSlots));
  }
  return Flattening<Real>(forest, slots).Take();
}

template Result<FlatForest<float>> FlattenForest(const Forest& forest);
template Result<FlatForest<double>> FlattenForest(const Forest& forest);

}  // namespace hone
