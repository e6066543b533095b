#include "models/forest/contributions.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>

namespace hone {
namespace {

double Cover(const Tree& tree, std::int32_t node) {
  const auto& training = tree.training;
  return node < 0 ? training.leaf_cover[static_cast<std::size_t>(~node)]
                  : training.split_cover[static_cast<std::size_t>(node)];
}

// The shares of the training rows at a split that went left and right; they add up to 1, whatever rounding the file's
// numbers have seen. A split that no training row reached sends half to each side.
std::pair<double, double> Shares(const Tree& tree, const Split& split) {
  const double left = Cover(tree, split.left), right = Cover(tree, split.right);
  const double both = left + right;
  return both > 0 ? std::pair{left / both, right / both} : std::pair{0.5, 0.5};
}

// The mean leaf over the training rows, and the most splits on a path. `limit` bounds the latter.
struct TreeSummary {
  double expected = 0;
  std::size_t depth = 0;
};

TreeSummary Summarise(const Tree& tree, std::size_t limit) {
  struct Open {
    std::int32_t node;
    double share;
    std::size_t depth;
  };
  TreeSummary summary;
  std::vector<Open> open = {{tree.splits.empty() ? ~0 : 0, 1.0, 0}};
  while (!open.empty() && summary.depth <= limit) {
    const Open now = open.back();
    open.pop_back();
    summary.depth = std::max(summary.depth, now.depth);
    if (now.node < 0) {
      summary.expected += now.share * tree.leaves[static_cast<std::size_t>(~now.node)];
      continue;
    }
    const Split& split = tree.splits[static_cast<std::size_t>(now.node)];
    const auto [left, right] = Shares(tree, split);
    open.push_back({split.left, now.share * left, now.depth + 1});
    open.push_back({split.right, now.share * right, now.depth + 1});
  }
  return summary;
}

Status CheckTree(const Tree& tree, std::size_t number) {
  const auto refuse = [number](ErrorCode code, const char* what) {
    return Error{code, fmt::format("tree {} {}", number, what), "", 0, "contributions"};
  };
  if (!tree.linear.empty()) return refuse(ErrorCode::kInvalidArgument, "has linear leaves, which have no shares");
  if (tree.splits.empty()) return OkStatus();
  const TreeTraining& training = tree.training;
  if (training.leaf_cover.size() != tree.leaves.size() || training.split_cover.size() != tree.splits.size()) {
    return refuse(ErrorCode::kInvalidArgument,
                  "does not tell how many training rows reached its nodes; XGBoost's and LightGBM's own files do");
  }
  const auto sound = [](double cover) { return cover >= 0 && std::isfinite(cover); };
  if (!std::all_of(training.leaf_cover.begin(), training.leaf_cover.end(), sound) ||
      !std::all_of(training.split_cover.begin(), training.split_cover.end(), sound)) {
    return refuse(ErrorCode::kCorrupt, "has a cover that is negative or not finite");
  }
  return OkStatus();
}

// One row through the trees. `Level` k of the workspace belongs to the nodes k splits below a root.
class Walk {
 public:
  Walk(Dialect dialect, std::span<const double> row, const Quadrature& rule, std::size_t depth)
      : dialect_(dialect),
        row_(row),
        rule_(rule),
        points_(rule.nodes.size()),
        columns_(row.size()),
        products_((depth + 1) * points_, 1.0),
        sums_((depth + 1) * points_) {}

  // Adds the tree's contributions to `out`, one number a column.
  void Add(const Tree& tree, double* out) {
    tree_ = &tree;
    out_ = out;
    if (!tree.splits.empty()) Visit(0, 0);
  }

 private:
  // What the path so far asks of one column.
  struct Passage {
    double share = 1;   // of the training rows
    bool taken = true;  // by the row
    bool tested = false;
    double Factor(double t) const { return share * (1 - t) + (taken ? t : 0.0); }
    double Lift() const { return (taken ? 1.0 : 0.0) - share; }
  };

  double* products(std::size_t level) { return products_.data() + level * points_; }
  double* sums(std::size_t level) { return sums_.data() + level * points_; }

  // Leaves of `node`, each times the product of its path, in sums(level).
  void Visit(std::int32_t node, std::size_t level) {
    if (node < 0) return VisitLeaf(tree_->leaves[static_cast<std::size_t>(~node)], level);
    const Split& split = tree_->splits[static_cast<std::size_t>(node)];
    const bool left = GoesLeft(*tree_, split, dialect_, row_[split.feature]);
    const auto [left_share, right_share] = Shares(*tree_, split);
    std::fill_n(sums(level), points_, 0.0);
    Descend(split.feature, split.left, left_share, left, level);
    Descend(split.feature, split.right, right_share, !left, level);
  }

  void VisitLeaf(double value, std::size_t level) {
    for (std::size_t q = 0; q < points_; ++q) sums(level)[q] = value * rule_.weights[q] * products(level)[q];
  }

  void Descend(std::uint32_t column, std::int32_t child, double share, bool taken, std::size_t level) {
    const Passage before = columns_[column];
    const Passage now{before.share * share, before.taken && taken, true};
    if (now.share == 0 && !now.taken) return;  // neither the row nor a training row comes here
    for (std::size_t q = 0; q < points_; ++q) {
      const double t = rule_.nodes[q];
      products(level + 1)[q] = products(level)[q] * now.Factor(t) / before.Factor(t);
    }
    columns_[column] = now;
    Visit(child, level + 1);
    columns_[column] = before;
    Credit(column, before, now, level);
  }

  // The leaves below a split are this column's by the newest of its tests on their path: what an earlier one was
  // credited for them is taken back.
  void Credit(std::uint32_t column, const Passage& before, const Passage& now, std::size_t level) {
    const double* const below = sums(level + 1);
    double* const here = sums(level);
    double newest = 0, earlier = 0;
    for (std::size_t q = 0; q < points_; ++q) {
      const double t = rule_.nodes[q];
      newest += below[q] / now.Factor(t);
      if (before.tested) earlier += below[q] / before.Factor(t);
      here[q] += below[q];
    }
    out_[column] += now.Lift() * newest - before.Lift() * earlier;
  }

  const Dialect dialect_;
  const std::span<const double> row_;
  const Quadrature& rule_;
  const std::size_t points_;
  std::vector<Passage> columns_;
  std::vector<double> products_, sums_;
  const Tree* tree_ = nullptr;
  double* out_ = nullptr;
};

// Nodes that integrate the product of `columns` - 1 factors exactly.
std::size_t PointsFor(std::size_t columns) { return std::max<std::size_t>(1, (columns + 1) / 2); }

}  // namespace

ForestContributions::ForestContributions(std::shared_ptr<const ForestModel> model, std::size_t depth)
    : model_(std::move(model)),
      depth_(depth),
      rule_(GaussLegendre(PointsFor(std::min(depth, width())))),
      bias_(forest().start) {
  for (const Tree& tree : forest().trees) bias_[tree.output] += Summarise(tree, kMaxDepth).expected;
}

Result<ForestContributions> ForestContributions::Make(std::shared_ptr<const ForestModel> model) {
  const Forest& forest = model->forest();
  if (forest.aggregate != Aggregate::kSum) {
    return Error{ErrorCode::kInvalidArgument, "the forest does not add its leaves up", "", 0, "contributions"};
  }
  std::size_t depth = 0;
  for (std::size_t i = 0; i < forest.trees.size(); ++i) {
    HONE_RETURN_IF_ERROR(CheckTree(forest.trees[i], i));
    depth = std::max(depth, Summarise(forest.trees[i], kMaxDepth).depth);
    if (depth <= kMaxDepth) continue;
    return Error{ErrorCode::kInvalidArgument, fmt::format("tree {} has more than {} splits on a path", i, kMaxDepth),
                 "", 0, "contributions"};
  }
  return ForestContributions(std::move(model), depth);
}

void ForestContributions::Explain(std::span<const double> row, std::span<double> out) const {
  std::fill(out.begin(), out.end(), 0.0);
  Walk walk(forest().dialect, row, rule_, depth_);
  const std::size_t stride = width() + 1;
  for (const Tree& tree : forest().trees) walk.Add(tree, out.data() + tree.output * stride);
  for (std::size_t k = 0; k < outputs(); ++k) out[k * stride + width()] = bias_[k];
}

}  // namespace hone
