#include "models/forest/xgboost_tree.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

namespace hone {
namespace {

constexpr std::size_t kMaxTreeNodes = std::size_t{1} << 22;
constexpr std::int64_t kCategoryEnd = std::int64_t{1} << 24;
constexpr std::int64_t kMaxIndex = std::numeric_limits<std::int32_t>::max();

// The arrays of a tree, one entry per node.
struct NodeArrays {
  std::vector<std::int64_t> left, right, feature, default_left;
  std::vector<std::int64_t> type;    // 1: categorical; empty in files that know only numbers
  std::vector<float> condition;      // threshold of a split, value of a leaf
  std::vector<float> hessian, gain;  // empty in files that do not tell
};

// Which values the leaves of a tree have: `per_leaf` of them, at places a node tells.
struct LeafValues {
  std::size_t per_leaf = 1;
  std::vector<float> values;
  bool by_leaf = false;  // since 3.2 a leaf's right child is its place in `values`; before, its node is
};

Status CheckSize(const DocumentValue& tree, std::string_view key, std::size_t size, std::size_t nodes) {
  if (size == nodes) return OkStatus();
  HONE_ASSIGN_OR_RETURN(const DocumentValue list, tree.Get(key));
  return list.At(fmt::format("must have {} entries, has {}", nodes, size));
}

Result<std::vector<std::int64_t>> NodeIntegers(const DocumentValue& tree, std::string_view key, std::size_t nodes,
                                               std::int64_t low, std::int64_t high) {
  HONE_ASSIGN_OR_RETURN(const DocumentValue list, tree.Get(key));
  HONE_RETURN_IF_ERROR(CheckSize(tree, key, list.size(), nodes));
  return list.Integers(low, high);
}

// Prediction does not need these: a file without them, or with something else in their place, is read all the same.
std::vector<float> NodeFloatsIfAny(const DocumentValue& tree, std::string_view key, std::size_t nodes) {
  const std::optional<DocumentValue> list = tree.Find(key);
  if (!list || list->size() != nodes) return {};
  Result<std::vector<float>> floats = list->Floats();
  return floats.ok() ? *std::move(floats) : std::vector<float>();
}

Result<NodeArrays> ReadNodes(const DocumentValue& tree, std::size_t width) {
  HONE_ASSIGN_OR_RETURN(const DocumentValue left, tree.Get("left_children"));
  const std::size_t nodes = left.size();
  if (nodes < 1 || nodes > kMaxTreeNodes) {
    return left.At(fmt::format("must have 1 to {} entries, has {}", kMaxTreeNodes, nodes));
  }
  NodeArrays arrays;
  HONE_ASSIGN_OR_RETURN(arrays.left, left.Integers(-1, static_cast<std::int64_t>(nodes) - 1));
  HONE_ASSIGN_OR_RETURN(arrays.right, NodeIntegers(tree, "right_children", nodes, -1, kMaxIndex));
  HONE_ASSIGN_OR_RETURN(arrays.default_left, NodeIntegers(tree, "default_left", nodes, 0, 1));
  HONE_ASSIGN_OR_RETURN(arrays.feature, NodeIntegers(tree, "split_indices", nodes, 0, kMaxIndex));
  for (std::size_t i = 0; i < nodes; ++i) {
    if (arrays.left[i] < 0 || arrays.feature[i] < static_cast<std::int64_t>(width)) continue;
    return tree.At(fmt::format("node {} splits column {} of {}", i, arrays.feature[i], width));
  }
  if (tree.Find("split_type")) {
    HONE_ASSIGN_OR_RETURN(arrays.type, NodeIntegers(tree, "split_type", nodes, 0, 1));
  }
  HONE_ASSIGN_OR_RETURN(const DocumentValue conditions, tree.Get("split_conditions"));
  HONE_ASSIGN_OR_RETURN(arrays.condition, conditions.Floats());
  HONE_RETURN_IF_ERROR(CheckSize(tree, "split_conditions", arrays.condition.size(), nodes));
  arrays.hessian = NodeFloatsIfAny(tree, "sum_hessian", nodes);
  arrays.gain = NodeFloatsIfAny(tree, "loss_changes", nodes);
  return arrays;
}

// The category sets of a tree's nodes, before they lie in bits.
struct CategorySets {
  struct Set {
    std::size_t begin = 0, end = 0;
  };
  std::vector<std::int64_t> categories;
  std::vector<Set> of_node;  // empty where no node has a set
};

Result<CategorySets> ReadCategories(const DocumentValue& tree, const NodeArrays& arrays) {
  CategorySets sets;
  if (std::find(arrays.type.begin(), arrays.type.end(), 1) == arrays.type.end()) return sets;
  const auto last_node = static_cast<std::int64_t>(arrays.left.size()) - 1;
  HONE_ASSIGN_OR_RETURN(const DocumentValue categories, tree.Get("categories"));
  HONE_ASSIGN_OR_RETURN(sets.categories, categories.Integers(0, kCategoryEnd - 1));
  HONE_ASSIGN_OR_RETURN(const DocumentValue nodes, tree.Get("categories_nodes"));
  HONE_ASSIGN_OR_RETURN(const auto node, nodes.Integers(0, last_node));
  const auto total = static_cast<std::int64_t>(sets.categories.size());
  HONE_ASSIGN_OR_RETURN(const auto begin, NodeIntegers(tree, "categories_segments", node.size(), 0, total));
  HONE_ASSIGN_OR_RETURN(const auto size, NodeIntegers(tree, "categories_sizes", node.size(), 0, total));
  sets.of_node.resize(arrays.left.size());
  for (std::size_t i = 0; i < node.size(); ++i) {
    if (begin[i] + size[i] > total) {
      return categories.At(
          fmt::format("node {} has categories {} to {} of {}", node[i], begin[i], begin[i] + size[i], total));
    }
    sets.of_node[static_cast<std::size_t>(node[i])] = {static_cast<std::size_t>(begin[i]),
                                                       static_cast<std::size_t>(begin[i] + size[i])};
  }
  return sets;
}

Result<LeafValues> ReadLeafValues(const DocumentValue& tree, const NodeArrays& arrays, std::size_t outputs) {
  LeafValues leaves;
  HONE_ASSIGN_OR_RETURN(const DocumentValue size, tree.Get({"tree_param", "size_leaf_vector"}));
  HONE_ASSIGN_OR_RETURN(const std::int64_t per_leaf, size.Integer(0, static_cast<std::int64_t>(Forest::kMaxOutputs)));
  if (per_leaf <= 1) {
    leaves.values = arrays.condition;
    return leaves;
  }
  leaves.per_leaf = static_cast<std::size_t>(per_leaf);
  if (leaves.per_leaf != outputs)
    return size.At(fmt::format("must be the model's {} outputs, is {}", outputs, per_leaf));
  leaves.by_leaf = tree.Find("leaf_weights").has_value();
  HONE_ASSIGN_OR_RETURN(const DocumentValue weights, tree.Get(leaves.by_leaf ? "leaf_weights" : "base_weights"));
  HONE_ASSIGN_OR_RETURN(leaves.values, weights.Floats());
  return leaves;
}

class TreeBuilder {
 public:
  TreeBuilder(const DocumentValue& tree, const NodeArrays& arrays, const CategorySets& sets, const LeafValues& leaves,
              float weight, XgboostTrees& shared)
      : tree_(tree), arrays_(arrays), sets_(sets), leaves_(leaves), weight_(weight), shared_(shared) {}

  // One tree per entry of a leaf.
  Result<std::vector<Tree>> Build() {
    HONE_RETURN_IF_ERROR(Walk());
    KeepTraining();
    std::vector<Tree> trees(leaves_.per_leaf, built_);
    for (std::size_t k = 0; k < trees.size(); ++k) HONE_RETURN_IF_ERROR(SetLeaves(k, trees[k]));
    return trees;
  }

 private:
  // A node that is yet to be visited, and the split that has its number: left or right.
  struct Pending {
    std::size_t node;
    std::int32_t parent;
    bool left;
  };

  Status Walk() {
    std::vector<bool> seen(arrays_.left.size());
    std::vector<Pending> open = {{0, -1, false}};
    while (!open.empty()) {
      const Pending next = open.back();
      open.pop_back();
      if (seen[next.node]) return tree_.At(fmt::format("node {} is reached twice", next.node));
      seen[next.node] = true;
      const bool leaf = arrays_.left[next.node] < 0;
      const auto number = static_cast<std::int32_t>(leaf ? leaf_nodes_.size() : built_.splits.size());
      if (next.parent >= 0) {
        Split& parent = built_.splits[static_cast<std::size_t>(next.parent)];
        (next.left ? parent.left : parent.right) = leaf ? ~number : number;
      }
      if (leaf) {
        leaf_nodes_.push_back(next.node);
        continue;
      }
      const std::int64_t right = arrays_.right[next.node];
      if (right < 0 || right >= static_cast<std::int64_t>(arrays_.left.size())) {
        return tree_.At(
            fmt::format("node {} has the right child {} of {} nodes", next.node, right, arrays_.left.size()));
      }
      HONE_RETURN_IF_ERROR(AddSplit(next.node));
      open.push_back({static_cast<std::size_t>(right), number, false});
      open.push_back({static_cast<std::size_t>(arrays_.left[next.node]), number, true});
    }
    return OkStatus();
  }

  Status AddSplit(std::size_t node) {
    Split split;
    split.feature = static_cast<std::uint32_t>(arrays_.feature[node]);
    split.default_left = arrays_.default_left[node] != 0;
    split.categorical = !arrays_.type.empty() && arrays_.type[node] == 1;
    split.beyond_default = split.categorical && shared_.beyond_default;
    if (split.categorical) {
      HONE_RETURN_IF_ERROR(SetCategories(node, split));
    } else {
      split.threshold = static_cast<double>(arrays_.condition[node]);
      if (std::isnan(split.threshold)) return tree_.At(fmt::format("the threshold of node {} is NaN", node));
    }
    built_.splits.push_back(split);
    split_nodes_.push_back(node);
    return OkStatus();
  }

  Status SetCategories(std::size_t node, Split& split) {
    const CategorySets::Set set = sets_.of_node[node];
    if (set.begin == set.end) return tree_.At(fmt::format("node {} is categorical, but has no categories", node));
    const auto begin = sets_.categories.begin() + static_cast<std::ptrdiff_t>(set.begin);
    const auto end = sets_.categories.begin() + static_cast<std::ptrdiff_t>(set.end);
    const auto words = static_cast<std::size_t>(*std::max_element(begin, end)) / 32 + 1;
    if (words > shared_.category_words) return tree_.At("the category sets of the model are too large");
    shared_.category_words -= words;
    split.bits_begin = static_cast<std::uint32_t>(built_.bits.size());
    built_.bits.resize(built_.bits.size() + words);
    split.bits_end = static_cast<std::uint32_t>(built_.bits.size());
    for (auto category = begin; category != end; ++category) {
      built_.bits[split.bits_begin + static_cast<std::size_t>(*category / 32)] |= 1U << (*category % 32);
    }
    return OkStatus();
  }

  void KeepTraining() {
    TreeTraining& training = built_.training;
    for (const std::size_t node : split_nodes_) {
      if (!arrays_.gain.empty()) training.gain.push_back(static_cast<double>(arrays_.gain[node]));
      if (!arrays_.hessian.empty()) training.split_cover.push_back(static_cast<double>(arrays_.hessian[node]));
    }
    if (arrays_.hessian.empty()) return;
    for (const std::size_t node : leaf_nodes_) {
      training.leaf_cover.push_back(static_cast<double>(arrays_.hessian[node]));
    }
  }

  Status SetLeaves(std::size_t k, Tree& tree) const {
    for (const std::size_t node : leaf_nodes_) {
      const std::int64_t place = leaves_.by_leaf ? arrays_.right[node] : static_cast<std::int64_t>(node);
      const std::size_t index = static_cast<std::size_t>(std::max<std::int64_t>(place, 0)) * leaves_.per_leaf + k;
      if (place < 0 || index >= leaves_.values.size()) {
        return tree_.At(fmt::format("leaf {} has no value: there are {}", node, leaves_.values.size()));
      }
      const float value = leaves_.values[index] * weight_;
      if (!std::isfinite(value)) return tree_.At(fmt::format("the value of leaf {} is not finite", node));
      tree.leaves.push_back(static_cast<double>(value));
    }
    return OkStatus();
  }

  const DocumentValue& tree_;
  const NodeArrays& arrays_;
  const CategorySets& sets_;
  const LeafValues& leaves_;
  const float weight_;
  XgboostTrees& shared_;
  Tree built_;
  std::vector<std::size_t> split_nodes_;  // of split i
  std::vector<std::size_t> leaf_nodes_;   // of leaf i
};

}  // namespace

Status AppendXgboostTree(const DocumentValue& tree, std::uint32_t output, float weight, XgboostTrees& shared,
                         std::vector<Tree>& trees) {
  HONE_ASSIGN_OR_RETURN(const NodeArrays arrays, ReadNodes(tree, shared.width));
  HONE_ASSIGN_OR_RETURN(const CategorySets sets, ReadCategories(tree, arrays));
  HONE_ASSIGN_OR_RETURN(const LeafValues leaves, ReadLeafValues(tree, arrays, shared.outputs));
  const bool vector = leaves.per_leaf > 1;
  if (vector && arrays.left.size() * leaves.per_leaf > shared.vector_leaves) {
    return tree.At("the vector leaves of the model are too many");
  }
  if (vector) shared.vector_leaves -= arrays.left.size() * leaves.per_leaf;
  HONE_ASSIGN_OR_RETURN(std::vector<Tree> built, TreeBuilder(tree, arrays, sets, leaves, weight, shared).Build());
  for (std::size_t k = 0; k < built.size(); ++k) {
    built[k].output = vector ? static_cast<std::uint32_t>(k) : output;
    if (k > 0) built[k].training.gain.clear();  // the gain is that of all outputs
    trees.push_back(std::move(built[k]));
  }
  return OkStatus();
}

}  // namespace hone
