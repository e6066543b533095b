#include "models/forest/onnx_nodes.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

namespace hone {
namespace {

constexpr std::size_t kMaxEntries = std::size_t{1} << 23;
constexpr std::int64_t kMaxColumns = 65'536;

Status CheckSize(const OnnxAttributes& attributes, std::string_view name, std::size_t size, std::size_t must) {
  if (size == must) return OkStatus();
  return attributes.At(name, fmt::format("must have {} entries, has {}", must, size));
}

Status CheckIndex(const OnnxAttributes& attributes, std::string_view name, std::int64_t index, std::size_t entry,
                  std::int64_t end) {
  if (index >= 0 && index < end) return OkStatus();
  return attributes.At(name, fmt::format("entry {} must be from 0 to {}, is {}", entry, end - 1, index));
}

// A list of `size` integers from 0 up to but not including `end`.
Result<std::vector<std::int64_t>> Indices(const OnnxAttributes& attributes, const std::string& name, std::size_t size,
                                          std::int64_t end) {
  HONE_ASSIGN_OR_RETURN(std::vector<std::int64_t> list, attributes.Integers(name));
  HONE_RETURN_IF_ERROR(CheckSize(attributes, name, list.size(), size));
  for (std::size_t i = 0; i < list.size(); ++i) HONE_RETURN_IF_ERROR(CheckIndex(attributes, name, list[i], i, end));
  return list;
}

// Whether a missing value goes where the test holds; entries beyond the list do not.
bool NanIsTrue(const std::vector<std::int64_t>& tracks, std::size_t i) { return i < tracks.size() && tracks[i] == 1; }

Status CheckThreshold(const OnnxAttributes& attributes, std::string_view name, double value, std::size_t node) {
  if (!std::isnan(value)) return OkStatus();
  return attributes.At(name, fmt::format("entry {}, what a node compares with, is NaN", node));
}

Result<OnnxMode> ModeOf(const OnnxAttributes& attributes, std::string_view text, std::size_t node) {
  constexpr std::pair<std::string_view, OnnxMode> kModes[] = {
      {"BRANCH_LEQ", OnnxMode::kLessEqual},
      {"BRANCH_LT", OnnxMode::kLess},
      {"BRANCH_GTE", OnnxMode::kGreaterEqual},
      {"BRANCH_GT", OnnxMode::kGreater},
      {"BRANCH_EQ", OnnxMode::kEqual},
      {"BRANCH_NEQ", OnnxMode::kUnequal},
      {"LEAF", OnnxMode::kLeaf},
  };
  for (const auto& [name, mode] : kModes) {
    if (name == text) return mode;
  }
  return attributes.At("nodes_modes", fmt::format("entry {} must be BRANCH_LEQ, _LT, _GTE, _GT, _EQ, _NEQ or LEAF, is "
                                                  "'{}'",
                                                  node, text.substr(0, 40)));
}

// Trees and nodes by the ids that the file gives them.
class IdReader {
 public:
  IdReader(const OnnxAttributes& attributes, OnnxType numbers, OnnxTargets targets)
      : attributes_(attributes), numbers_(numbers), targets_(targets) {}

  Result<OnnxNodes> Read() {
    made_.targets = targets_.count;
    made_.chains = true;
    HONE_RETURN_IF_ERROR(ReadIds());
    HONE_RETURN_IF_ERROR(ReadNodes());
    HONE_RETURN_IF_ERROR(ReadWeights());
    return std::move(made_);
  }

 private:
  using Id = std::pair<std::int64_t, std::int64_t>;  // of tree and node
  using Place = std::pair<Id, std::size_t>;

  Status ReadIds() {
    HONE_ASSIGN_OR_RETURN(trees_, attributes_.Integers("nodes_treeids"));
    const std::size_t count = trees_.size();
    if (count < 1 || count > kMaxEntries) {
      return attributes_.At("nodes_treeids", fmt::format("must have 1 to {} entries, has {}", kMaxEntries, count));
    }
    HONE_ASSIGN_OR_RETURN(ids_, Indices(attributes_, "nodes_nodeids", count, static_cast<std::int64_t>(count)));
    for (std::size_t i = 0; i < count; ++i) {
      places_.push_back({{trees_[i], ids_[i]}, i});
      if (i == 0 || trees_[i] != trees_[i - 1]) made_.roots.push_back(i);
    }
    std::sort(places_.begin(), places_.end());
    return CheckIds();
  }

  Status CheckIds() const {
    std::size_t pieces = 1;
    for (std::size_t i = 1; i < places_.size(); ++i) {
      const auto [tree, id] = places_[i].first;
      if (places_[i - 1].first == places_[i].first) {
        return attributes_.At("nodes_nodeids", fmt::format("node {} of tree {} is there twice", id, tree));
      }
      pieces += places_[i - 1].first.first != tree;
    }
    if (pieces == made_.roots.size()) return OkStatus();
    return attributes_.At("nodes_treeids", "the nodes of a tree are not in one piece");
  }

  // Null where there is no such node.
  const std::size_t* Find(const Id& id) const {
    const auto found = std::lower_bound(places_.begin(), places_.end(), Place{id, 0});
    return found != places_.end() && found->first == id ? &found->second : nullptr;
  }

  Result<std::size_t> Child(const char* name, const std::vector<std::int64_t>& children, std::size_t i) const {
    if (const std::size_t* const found = Find({trees_[i], children[i]})) return *found;
    return attributes_.At(name, fmt::format("node {} of tree {} goes on to node {}, which the tree has not", ids_[i],
                                            trees_[i], children[i]));
  }

  // One entry per node; those of leaves may be anything.
  Result<std::vector<std::int64_t>> List(const char* name) const {
    HONE_ASSIGN_OR_RETURN(std::vector<std::int64_t> list, attributes_.Integers(name));
    HONE_RETURN_IF_ERROR(CheckSize(attributes_, name, list.size(), trees_.size()));
    return list;
  }

  Status ReadNodes() {
    const std::size_t count = trees_.size();
    HONE_ASSIGN_OR_RETURN(const auto modes, attributes_.Texts("nodes_modes"));
    HONE_RETURN_IF_ERROR(CheckSize(attributes_, "nodes_modes", modes.size(), count));
    HONE_ASSIGN_OR_RETURN(const auto features, List("nodes_featureids"));
    HONE_ASSIGN_OR_RETURN(const auto values, OnnxNumbers(attributes_, "nodes_values", numbers_));
    HONE_RETURN_IF_ERROR(CheckSize(attributes_, "nodes_values", values.size(), count));
    HONE_ASSIGN_OR_RETURN(const auto on_true, List("nodes_truenodeids"));
    HONE_ASSIGN_OR_RETURN(const auto on_false, List("nodes_falsenodeids"));
    HONE_ASSIGN_OR_RETURN(const auto tracks, attributes_.Integers("nodes_missing_value_tracks_true"));
    made_.nodes.resize(count);
    for (std::size_t i = 0; i < count; ++i) {
      OnnxTreeNode& node = made_.nodes[i];
      HONE_ASSIGN_OR_RETURN(node.mode, ModeOf(attributes_, modes[i], i));
      node.value = values[i];
      if (node.mode == OnnxMode::kLeaf) continue;
      HONE_RETURN_IF_ERROR(CheckThreshold(attributes_, "nodes_values", node.value, i));
      HONE_RETURN_IF_ERROR(CheckIndex(attributes_, "nodes_featureids", features[i], i, kMaxColumns));
      node.feature = static_cast<std::uint32_t>(features[i]);
      node.nan_is_true = NanIsTrue(tracks, i);
      HONE_ASSIGN_OR_RETURN(node.on_true, Child("nodes_truenodeids", on_true, i));
      HONE_ASSIGN_OR_RETURN(node.on_false, Child("nodes_falsenodeids", on_false, i));
    }
    return OkStatus();
  }

  std::string Name(const char* part) const { return fmt::format("{}_{}", targets_.prefix, part); }

  Status ReadWeights() {
    HONE_ASSIGN_OR_RETURN(const auto targets, attributes_.Integers(Name("ids")));
    HONE_ASSIGN_OR_RETURN(const auto trees, attributes_.Integers(Name("treeids")));
    HONE_ASSIGN_OR_RETURN(const auto ids, attributes_.Integers(Name("nodeids")));
    HONE_ASSIGN_OR_RETURN(const auto values, OnnxNumbers(attributes_, Name("weights"), numbers_));
    HONE_RETURN_IF_ERROR(CheckSize(attributes_, Name("treeids"), trees.size(), targets.size()));
    HONE_RETURN_IF_ERROR(CheckSize(attributes_, Name("nodeids"), ids.size(), targets.size()));
    HONE_RETURN_IF_ERROR(CheckSize(attributes_, Name("weights"), values.size(), targets.size()));
    std::vector<std::pair<std::size_t, std::size_t>> order;  // the place of a leaf, and of its weight
    for (std::size_t i = 0; i < targets.size(); ++i) {
      const std::size_t* const found = Find({trees[i], ids[i]});
      if (found == nullptr) {
        return attributes_.At(Name("nodeids"),
                              fmt::format("entry {} is node {} of tree {}, which there is not", i, ids[i], trees[i]));
      }
      HONE_RETURN_IF_ERROR(CheckWeight(i, targets[i], values[i]));
      // ONNX Runtime, too, leaves out the weights of other nodes, which old converters wrote.
      if (made_.nodes[*found].mode == OnnxMode::kLeaf) order.emplace_back(*found, i);
    }
    std::sort(order.begin(), order.end());
    for (const auto& [place, i] : order) {
      OnnxTreeNode& leaf = made_.nodes[place];
      if (leaf.begin == leaf.end) leaf.begin = made_.weights.size();
      made_.weights.push_back({made_.targets > 1 ? static_cast<std::size_t>(targets[i]) : 0, values[i]});
      leaf.end = made_.weights.size();
    }
    return OkStatus();
  }

  Status CheckWeight(std::size_t i, std::int64_t target, double value) const {
    if (!std::isfinite(value)) return attributes_.At(Name("weights"), fmt::format("entry {} is not finite", i));
    if (made_.targets == 1) return OkStatus();  // the only one, whatever it is called
    return CheckIndex(attributes_, Name("ids"), target, i, static_cast<std::int64_t>(made_.targets));
  }

  const OnnxAttributes& attributes_;
  const OnnxType numbers_;
  const OnnxTargets targets_;
  std::vector<std::int64_t> trees_, ids_;
  std::vector<Place> places_;  // by id
  OnnxNodes made_;
};

// Nodes and leaves by their place; a leaf's node comes after all that are none.
class PlaceReader {
 public:
  PlaceReader(const OnnxAttributes& attributes, OnnxType numbers, std::size_t targets)
      : attributes_(attributes), numbers_(numbers) {
    made_.targets = targets;
  }

  Result<OnnxNodes> Read() {
    HONE_RETURN_IF_ERROR(ReadLeaves());
    HONE_RETURN_IF_ERROR(ReadSplits());
    HONE_RETURN_IF_ERROR(ReadMembers());
    HONE_RETURN_IF_ERROR(ReadRoots());
    made_.nodes = std::move(splits_);
    made_.nodes.insert(made_.nodes.end(), leaves_.begin(), leaves_.end());
    return std::move(made_);
  }

 private:
  Status ReadLeaves() {
    HONE_ASSIGN_OR_RETURN(const auto values, attributes_.Tensor("leaf_weights", numbers_));
    if (values.empty() || values.size() > kMaxEntries) {
      return attributes_.At("leaf_weights",
                            fmt::format("must have 1 to {} entries, has {}", kMaxEntries, values.size()));
    }
    HONE_ASSIGN_OR_RETURN(const auto targets, attributes_.Integers("leaf_targetids"));
    HONE_RETURN_IF_ERROR(CheckSize(attributes_, "leaf_targetids", targets.size(), values.size()));
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (!std::isfinite(values[i])) return attributes_.At("leaf_weights", fmt::format("entry {} is not finite", i));
      if (made_.targets > 1) {
        HONE_RETURN_IF_ERROR(
            CheckIndex(attributes_, "leaf_targetids", targets[i], i, static_cast<std::int64_t>(made_.targets)));
      }
      made_.weights.push_back({made_.targets > 1 ? static_cast<std::size_t>(targets[i]) : 0, values[i]});
      OnnxTreeNode& leaf = leaves_.emplace_back();
      leaf.begin = i, leaf.end = i + 1;
    }
    return OkStatus();
  }

  Result<std::vector<std::int64_t>> Children(const char* name, const std::vector<std::int64_t>& are_leaves) const {
    const std::size_t count = splits_.size();
    HONE_ASSIGN_OR_RETURN(std::vector<std::int64_t> children, attributes_.Integers(name));
    HONE_RETURN_IF_ERROR(CheckSize(attributes_, name, children.size(), count));
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t end = are_leaves[i] != 0 ? leaves_.size() : count;
      HONE_RETURN_IF_ERROR(CheckIndex(attributes_, name, children[i], i, static_cast<std::int64_t>(end)));
      if (are_leaves[i] != 0) children[i] += static_cast<std::int64_t>(count);
    }
    return children;
  }

  Status ReadSplits() {
    constexpr std::int64_t kAny = std::int64_t{1} << 62;
    HONE_ASSIGN_OR_RETURN(const auto modes, attributes_.Tensor("nodes_modes", OnnxType::kUint8));
    const std::size_t count = modes.size();
    if (count < 1 || count > kMaxEntries) {
      return attributes_.At("nodes_modes", fmt::format("must have 1 to {} entries, has {}", kMaxEntries, count));
    }
    splits_.resize(count);
    HONE_ASSIGN_OR_RETURN(const auto features, Indices(attributes_, "nodes_featureids", count, kMaxColumns));
    HONE_ASSIGN_OR_RETURN(const auto values, attributes_.Tensor("nodes_splits", numbers_));
    HONE_RETURN_IF_ERROR(CheckSize(attributes_, "nodes_splits", values.size(), count));
    HONE_ASSIGN_OR_RETURN(const auto true_leaves, Indices(attributes_, "nodes_trueleafs", count, kAny));
    HONE_ASSIGN_OR_RETURN(const auto false_leaves, Indices(attributes_, "nodes_falseleafs", count, kAny));
    HONE_ASSIGN_OR_RETURN(const auto on_true, Children("nodes_truenodeids", true_leaves));
    HONE_ASSIGN_OR_RETURN(const auto on_false, Children("nodes_falsenodeids", false_leaves));
    HONE_ASSIGN_OR_RETURN(const auto tracks, attributes_.Integers("nodes_missing_value_tracks_true"));
    for (std::size_t i = 0; i < count; ++i) {
      OnnxTreeNode& node = splits_[i];
      if (!(modes[i] >= 0 && modes[i] <= 6)) {
        return attributes_.At("nodes_modes", fmt::format("entry {} must be from 0 to 6, is {}", i, modes[i]));
      }
      node.mode = static_cast<OnnxMode>(static_cast<int>(modes[i]));
      node.value = values[i];
      if (node.mode != OnnxMode::kMember)
        HONE_RETURN_IF_ERROR(CheckThreshold(attributes_, "nodes_splits", values[i], i));
      node.feature = static_cast<std::uint32_t>(features[i]);
      node.nan_is_true = NanIsTrue(tracks, i);
      node.on_true = static_cast<std::size_t>(on_true[i]);
      node.on_false = static_cast<std::size_t>(on_false[i]);
    }
    return OkStatus();
  }

  // The sets lie one after the other, each but the last ended by a NaN.
  Status ReadMembers() {
    HONE_ASSIGN_OR_RETURN(made_.members, attributes_.Tensor("membership_values", numbers_));
    const std::vector<double>& members = made_.members;
    std::size_t next = 0;
    for (std::size_t i = 0; i < splits_.size(); ++i) {
      if (splits_[i].mode != OnnxMode::kMember) continue;
      splits_[i].begin = next;
      while (next < members.size() && !std::isnan(members[next])) ++next;
      splits_[i].end = next++;
      if (splits_[i].begin == splits_[i].end) {
        return attributes_.At("membership_values", fmt::format("node {} is BRANCH_MEMBER, but has no members", i));
      }
      HONE_RETURN_IF_ERROR(CheckMembers(i));
    }
    if (next >= members.size()) return OkStatus();
    return attributes_.At("membership_values", "has more sets than nodes are BRANCH_MEMBER");
  }

  // ONNX Runtime keeps a set of numbers from 0 to 30 as it is; any other must be of integers, and what is looked up in
  // it is cut to one.
  Status CheckMembers(std::size_t i) {
    OnnxTreeNode& node = splits_[i];
    const auto begin = made_.members.begin() + static_cast<std::ptrdiff_t>(node.begin);
    const auto end = made_.members.begin() + static_cast<std::ptrdiff_t>(node.end);
    if (std::all_of(begin, end, [](double member) { return member >= 0 && member <= 30; })) return OkStatus();
    node.truncated = true;
    const auto bad = std::find_if(
        begin, end, [](double member) { return std::trunc(member) != member || std::fabs(member) > 2147483647.0; });
    if (bad == end) return OkStatus();
    return attributes_.At("membership_values", fmt::format("the set of node {} must be of 32-bit integers, has {}, or "
                                                           "of numbers from 0 to 30",
                                                           i, *bad));
  }

  Status ReadRoots() {
    HONE_ASSIGN_OR_RETURN(const auto roots, attributes_.Integers("tree_roots"));
    if (roots.empty()) return attributes_.At("tree_roots", "must have an entry for each tree, has none");
    for (std::size_t i = 0; i < roots.size(); ++i) {
      HONE_RETURN_IF_ERROR(
          CheckIndex(attributes_, "tree_roots", roots[i], i, static_cast<std::int64_t>(splits_.size())));
      const auto place = static_cast<std::size_t>(roots[i]);
      const OnnxTreeNode& node = splits_[place];
      // ONNX Runtime answers a tree of one leaf with the leaf that has the root's number, whichever the root names.
      const bool one_leaf = node.on_true == node.on_false && node.on_true >= splits_.size();
      if (one_leaf && place >= leaves_.size()) {
        return attributes_.At("tree_roots", fmt::format("tree of one leaf: there is no leaf {}", place));
      }
      made_.roots.push_back(one_leaf ? splits_.size() + place : place);
    }
    return OkStatus();
  }

  const OnnxAttributes& attributes_;
  const OnnxType numbers_;
  std::vector<OnnxTreeNode> splits_, leaves_;
  OnnxNodes made_;
};

}  // namespace

Result<std::vector<double>> OnnxNumbers(const OnnxAttributes& attributes, const std::string& name, OnnxType numbers) {
  const std::string tensor = name + "_as_tensor";
  if (attributes.Has(tensor)) {
    if (attributes.Has(name)) return attributes.At(tensor, fmt::format("is there beside {}", name));
    return attributes.Tensor(tensor, numbers);
  }
  HONE_ASSIGN_OR_RETURN(const std::vector<float> floats, attributes.Floats(name));
  return std::vector<double>(floats.begin(), floats.end());
}

Result<OnnxNodes> ReadOnnxNodes(const OnnxAttributes& attributes, OnnxType numbers, OnnxTargets targets) {
  return IdReader(attributes, numbers, targets).Read();
}

Result<OnnxNodes> ReadOnnxNodesOfVersion5(const OnnxAttributes& attributes, OnnxType numbers, std::size_t targets) {
  return PlaceReader(attributes, numbers, targets).Read();
}

}  // namespace hone
