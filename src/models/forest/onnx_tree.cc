#include "models/forest/onnx_tree.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "models/forest/infinity.h"

namespace hone {
namespace {

// How many splits and leaves the trees of a file may have: leaves of several weights and shared branches multiply what
// the file has, which a small file must not do without end.
std::size_t MostNodes(const OnnxNodes& nodes) {
  constexpr std::size_t kMost = std::size_t{1} << 24;
  const std::size_t listed = nodes.nodes.size() + nodes.weights.size() + nodes.members.size();
  return std::min(kMost, 8 * listed + (std::size_t{1} << 16));
}

class Builder {
 public:
  Builder(const OnnxAttributes& attributes, const OnnxNodes& nodes, Dialect dialect, double absent)
      : attributes_(attributes), nodes_(nodes), dialect_(dialect), absent_(absent), left_(MostNodes(nodes)) {
    made_.scored.assign(nodes_.targets, OnnxScored::kNever);
    seen_.resize(nodes_.targets);
  }

  Result<OnnxTrees> Build() {
    for (std::size_t i = 0; i < nodes_.roots.size(); ++i) {
      Tree shape;
      leaves_.clear();
      HONE_RETURN_IF_ERROR(Walk(i, shape));
      HONE_RETURN_IF_ERROR(nodes_.targets == 1 ? AddOnly(std::move(shape)) : AddEach(shape));
    }
    return std::move(made_);
  }

 private:
  struct Pending {
    std::size_t node, depth;
    std::int32_t parent;  // the split whose child it is
    bool left;
  };

  Error TooMany() const {
    return attributes_.At(
        nodes_.chains ? "nodes_treeids" : "tree_roots",
        fmt::format("the trees have more than {} nodes, or branches that share too many others", MostNodes(nodes_)));
  }

  Status Take(std::size_t nodes) {
    if (nodes > left_) return TooMany();
    left_ -= nodes;
    return OkStatus();
  }

  // The splits of a tree to `shape`, its leaves to leaves_. A node that several branches share is there for each.
  Status Walk(std::size_t tree, Tree& shape) {
    std::vector<Pending> open = {{nodes_.roots[tree], 0, -1, false}};
    while (!open.empty()) {
      const Pending next = open.back();
      open.pop_back();
      if (next.depth > nodes_.nodes.size()) {
        return attributes_.At("nodes_truenodeids", fmt::format("the tree of root {} runs in circles", tree));
      }
      HONE_RETURN_IF_ERROR(Take(1));
      const OnnxTreeNode& node = nodes_.nodes[next.node];
      const bool leaf = node.mode == OnnxMode::kLeaf;
      const auto number = static_cast<std::int32_t>(leaf ? leaves_.size() : shape.splits.size());
      if (next.parent >= 0) {
        Split& parent = shape.splits[static_cast<std::size_t>(next.parent)];
        (next.left ? parent.left : parent.right) = leaf ? ~number : number;
      }
      if (leaf) {
        leaves_.push_back(next.node);
        continue;
      }
      bool true_is_left = true;
      HONE_ASSIGN_OR_RETURN(const std::size_t last, AddSplit(next.node, shape, true_is_left));
      const std::size_t on_true = node.on_true, on_false = nodes_.nodes[last].on_false;
      open.push_back({true_is_left ? on_false : on_true, next.depth + 1, number, false});
      open.push_back({true_is_left ? on_true : on_false, next.depth + 1, number, true});
    }
    return OkStatus();
  }

  double Next(double value) const {
    if (dialect_ == Dialect::kOnnxDouble) return std::nextafter(value, kInfinity);
    return static_cast<double>(std::nextafter(static_cast<float>(value), static_cast<float>(kInfinity)));
  }

  // The test as `value < threshold`, or as membership of a set. Gives the last node that the test takes in.
  Result<std::size_t> AddSplit(std::size_t place, Tree& shape, bool& true_is_left) {
    const OnnxTreeNode& node = nodes_.nodes[place];
    const std::size_t members = shape.members.size();
    Split split;
    split.feature = node.feature;
    std::size_t last = place;
    const bool greater = node.mode == OnnxMode::kGreater || node.mode == OnnxMode::kGreaterEqual;
    const bool next = node.mode == OnnxMode::kGreater || node.mode == OnnxMode::kLessEqual;
    if (node.mode == OnnxMode::kEqual || node.mode == OnnxMode::kMember) {
      HONE_ASSIGN_OR_RETURN(last, AddMembers(place, shape));
      split.categorical = true;
      split.truncated = node.truncated;
    } else if (node.mode == OnnxMode::kUnequal) {
      shape.members.push_back(node.value);
      split.categorical = true;
      true_is_left = false;  // NaN is unequal to anything
    } else if (next && node.value == kInfinity) {
      split.categorical = true;  // of no members: no number is above infinity
      true_is_left = greater;
    } else {
      split.threshold = next ? Next(node.value) : node.value;
      true_is_left = !greater;
    }
    const bool nan_is_true = node.nan_is_true || node.mode == OnnxMode::kUnequal;
    split.default_left = nan_is_true == true_is_left;
    if (split.categorical) {
      split.bits_begin = static_cast<std::uint32_t>(members);
      split.bits_end = static_cast<std::uint32_t>(shape.members.size());
    }
    shape.splits.push_back(split);
    return last;
  }

  Result<std::size_t> AddMembers(std::size_t place, Tree& shape) {
    const OnnxTreeNode& node = nodes_.nodes[place];
    const std::size_t begin = shape.members.size();
    std::size_t last = place;
    if (node.mode == OnnxMode::kMember) {
      HONE_RETURN_IF_ERROR(Take(node.end - node.begin));
      shape.members.insert(shape.members.end(), nodes_.members.begin() + static_cast<std::ptrdiff_t>(node.begin),
                           nodes_.members.begin() + static_cast<std::ptrdiff_t>(node.end));
    } else {
      shape.members.push_back(node.value);
      while (nodes_.chains && GoesOn(node, nodes_.nodes[last].on_false)) {
        last = nodes_.nodes[last].on_false;
        shape.members.push_back(nodes_.nodes[last].value);
        if (shape.members.size() - begin > nodes_.nodes.size()) {
          return attributes_.At("nodes_falsenodeids", "a chain of BRANCH_EQ runs in circles");
        }
      }
    }
    std::sort(shape.members.begin() + static_cast<std::ptrdiff_t>(begin), shape.members.end());
    return last;
  }

  // Whether a chain of equal tests goes on with the node at `place`.
  bool GoesOn(const OnnxTreeNode& node, std::size_t place) {
    const OnnxTreeNode& next = nodes_.nodes[place];
    if (next.mode != OnnxMode::kEqual || next.feature != node.feature || next.on_true != node.on_true) return false;
    if (next.nan_is_true != node.nan_is_true) {
      made_.unlike = "a chain of BRANCH_EQ has nodes that treat a missing value differently";
    }
    return true;
  }

  // A tree of a file with one output: of a leaf the first weight counts, or its value where it has none.
  Status AddOnly(Tree shape) {
    for (const std::size_t leaf : leaves_) {
      const OnnxTreeNode& node = nodes_.nodes[leaf];
      const double value = node.begin < node.end ? nodes_.weights[node.begin].value : node.value;
      if (!std::isfinite(value)) return attributes_.At("nodes_values", "the value of a leaf is not finite");
      shape.leaves.push_back(value);
    }
    made_.scored.front() = OnnxScored::kAlways;
    made_.trees.push_back(std::move(shape));
    return OkStatus();
  }

  // What one leaf adds as the (which + 1)th to one output.
  struct Part {
    std::size_t target = 0, which = 0, leaf = 0;
    double value = 0;
  };

  std::vector<Part> PartsOfLeaves() {
    std::vector<Part> parts;
    for (std::size_t i = 0; i < leaves_.size(); ++i) {
      const OnnxTreeNode& node = nodes_.nodes[leaves_[i]];
      for (std::size_t k = node.begin; k < node.end; ++k) {
        const OnnxWeight& weight = nodes_.weights[k];
        parts.push_back({weight.target, seen_[weight.target]++, i, weight.value});
      }
      for (std::size_t k = node.begin; k < node.end; ++k) seen_[nodes_.weights[k].target] = 0;
    }
    std::stable_sort(parts.begin(), parts.end(), [](const Part& a, const Part& b) {
      return std::pair(a.target, a.which) < std::pair(b.target, b.which);
    });
    return parts;
  }

  // One tree for each output and each of the weights that a leaf has for it.
  Status AddEach(const Tree& shape) {
    std::size_t weights = 0;
    for (const std::size_t leaf : leaves_) weights += nodes_.nodes[leaf].end - nodes_.nodes[leaf].begin;
    HONE_RETURN_IF_ERROR(Take(weights));
    const std::vector<Part> parts = PartsOfLeaves();
    for (auto begin = parts.begin(); begin != parts.end();) {
      const auto end = std::find_if(begin, parts.end(), [begin](const Part& part) {
        return part.target != begin->target || part.which != begin->which;
      });
      HONE_RETURN_IF_ERROR(Take(shape.splits.size() + leaves_.size() + shape.members.size()));
      Tree& tree = made_.trees.emplace_back(shape);
      tree.output = static_cast<std::uint32_t>(begin->target);
      tree.leaves.assign(leaves_.size(), absent_);
      for (auto part = begin; part != end; ++part) tree.leaves[part->leaf] = part->value;
      const bool every = static_cast<std::size_t>(end - begin) == leaves_.size();
      OnnxScored& scored = made_.scored[begin->target];
      scored = std::max(scored, every ? OnnxScored::kAlways : OnnxScored::kSometimes);
      begin = end;
    }
    return OkStatus();
  }

  const OnnxAttributes& attributes_;
  const OnnxNodes& nodes_;
  const Dialect dialect_;
  const double absent_;
  std::size_t left_;                 // nodes that may still be made
  std::vector<std::size_t> leaves_;  // the nodes that leaf i of the tree is made of
  std::vector<std::size_t> seen_;    // weights of the leaf at hand for each output; zeros between leaves
  OnnxTrees made_;
};

}  // namespace

Result<OnnxTrees> BuildOnnxTrees(const OnnxAttributes& attributes, const OnnxNodes& nodes, Dialect dialect,
                                 double absent) {
  return Builder(attributes, nodes, dialect, absent).Build();
}

}  // namespace hone
