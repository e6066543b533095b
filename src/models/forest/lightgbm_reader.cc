#include "models/forest/lightgbm_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "models/forest/text_fields.h"

namespace hone {
namespace {

constexpr std::size_t kMaxBytes = std::size_t{256} << 20;
constexpr std::size_t kMaxTrees = 1'000'000;
constexpr std::int64_t kMaxFeatures = 65'536;
constexpr std::int64_t kMaxLeaves = 131'072;
constexpr std::int64_t kMaxLinearTerms = std::int64_t{1} << 26;
constexpr std::int64_t kMaxCategoryWords = std::int64_t{1} << 26;
constexpr std::int64_t kCategorical = 1;
constexpr std::int64_t kDefaultLeft = 2;

// One tree's block of lines as arrays.
struct TreeArrays {
  std::vector<double> threshold;
  std::vector<std::int64_t> feature, left, right, decision;
  std::vector<std::int64_t> boundaries;  // of category sets, in words
};

Status CheckVersion(const TextFields& header) {
  const std::string_view version = header.Text("version");
  if (version == "v2" || version == "v3" || version == "v4") return OkStatus();
  return header.At("version", fmt::format("must be v2, v3 or v4, is '{}'", version.substr(0, 20)));
}

Result<double> SigmoidScale(const TextFields& header, std::span<const std::string_view> words) {
  constexpr std::string_view kKey = "sigmoid:";
  for (const std::string_view word : words) {
    if (!word.starts_with(kKey)) continue;
    double scale = 0;
    const std::string_view text = word.substr(kKey.size());
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), scale);
    if (error == std::errc() && end == text.data() + text.size() && std::isfinite(scale) && scale > 0) return scale;
  }
  return header.At("objective", fmt::format("{} needs sigmoid:NUMBER above 0", words.front()));
}

Link LinkOf(std::string_view objective) {
  for (const char* known : {"poisson", "gamma", "tweedie"}) {
    if (objective == known) return Link::kExp;
  }
  if (objective == "binary" || objective == "multiclassova" || objective == "cross_entropy") return Link::kSigmoid;
  if (objective == "multiclass") return Link::kSoftmax;
  return objective == "cross_entropy_lambda" ? Link::kLog1pExp : Link::kIdentity;
}

bool IsRegression(std::string_view objective) {
  for (const char* known : {"regression", "regression_l1", "quantile", "huber", "fair", "mape"}) {
    if (objective == known) return true;
  }
  return false;
}

Status ReadLink(const TextFields& header, Forest& forest) {
  const std::vector<std::string_view> words = SplitWords(header.Text("objective"));
  const std::string_view name = words.empty() ? "custom" : words.front();
  forest.link = LinkOf(name);
  const bool raw = name == "custom" || name == "lambdarank" || name == "rank_xendcg";
  if (forest.link == Link::kIdentity && !raw && !IsRegression(name)) {
    return header.At("objective", fmt::format("'{}' is not an objective hone reads", name.substr(0, 40)));
  }
  if (IsRegression(name) && std::find(words.begin(), words.end(), "sqrt") != words.end()) {
    forest.link = Link::kSignedSquare;
  }
  if (name == "binary" || name == "multiclassova") {
    HONE_ASSIGN_OR_RETURN(forest.scale, SigmoidScale(header, words));
  }
  const bool classes = name == "multiclass" || name == "multiclassova";
  if (forest.outputs() == 1 || classes || name == "custom") return OkStatus();
  return header.At("objective",
                   fmt::format("{} has one output, num_tree_per_iteration says {}", name, forest.outputs()));
}

// Column_0, Column_1, ... are what LightGBM calls columns without names.
bool AreNamed(std::span<const std::string_view> names) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] != fmt::format("Column_{}", i)) return true;
  }
  return false;
}

Status ReadShape(const TextFields& header, Forest& forest) {
  HONE_ASSIGN_OR_RETURN(const std::int64_t last, header.Integer("max_feature_idx", 0, kMaxFeatures - 1));
  forest.width = static_cast<std::size_t>(last) + 1;
  const std::vector<std::string_view> names = SplitWords(header.Text("feature_names"));
  if (names.size() != forest.width) {
    return header.At("feature_names", fmt::format("must have {} names, has {}", forest.width, names.size()));
  }
  if (AreNamed(names)) forest.names.assign(names.begin(), names.end());
  constexpr auto kMostOutputs = static_cast<std::int64_t>(Forest::kMaxOutputs);
  HONE_ASSIGN_OR_RETURN(const std::int64_t classes, header.Integer("num_class", 1, kMostOutputs));
  HONE_ASSIGN_OR_RETURN(const std::int64_t outputs, header.Integer("num_tree_per_iteration", 1, kMostOutputs));
  if (classes != outputs) {
    return header.At("num_tree_per_iteration", fmt::format("must be num_class, {}, is {}", classes, outputs));
  }
  forest.start.assign(static_cast<std::size_t>(outputs), 0.0);
  forest.average = header.Has("average_output");
  return OkStatus();
}

// Every split and leaf below the root is the child of exactly one split, and all are reached.
Status CheckShape(const TextFields& block, const Tree& tree) {
  std::vector<bool> split_seen(tree.splits.size()), leaf_seen(tree.leaves.size());
  std::vector<std::int32_t> open = {0};
  std::size_t reached = 0;
  split_seen[0] = true;
  while (!open.empty()) {
    const Split& split = tree.splits[static_cast<std::size_t>(open.back())];
    open.pop_back();
    ++reached;
    for (const auto& [key, child] : {std::pair{"left_child", split.left}, std::pair{"right_child", split.right}}) {
      auto& seen = child < 0 ? leaf_seen : split_seen;
      const auto index = static_cast<std::size_t>(child < 0 ? ~child : child);
      if (seen[index]) return block.At(key, fmt::format("child {} is reached twice", child));
      seen[index] = true;
      if (child >= 0) open.push_back(child);
    }
  }
  if (reached == tree.splits.size()) return OkStatus();
  return block.At("left_child", fmt::format("{} of {} splits are reached", reached, tree.splits.size()));
}

Status ReadCategories(const TextFields& block, TreeArrays& arrays, Tree& tree) {
  HONE_ASSIGN_OR_RETURN(const std::int64_t sets, block.Integer("num_cat", 0, kMaxLeaves));
  if (sets == 0) return OkStatus();
  const auto count = static_cast<std::size_t>(sets) + 1;
  HONE_ASSIGN_OR_RETURN(arrays.boundaries, block.Integers("cat_boundaries", count, 0, kMaxCategoryWords));
  for (std::size_t i = 1; i < count; ++i) {
    if (arrays.boundaries[i - 1] > arrays.boundaries[i]) return block.At("cat_boundaries", "must not decrease");
  }
  constexpr std::int64_t kWordMax = std::numeric_limits<std::uint32_t>::max();
  const auto words = static_cast<std::size_t>(arrays.boundaries.back());
  HONE_ASSIGN_OR_RETURN(const auto bits, block.Integers("cat_threshold", words, 0, kWordMax));
  tree.bits.assign(bits.begin(), bits.end());
  return OkStatus();
}

Status SetCategories(const TextFields& block, const TreeArrays& arrays, Split& split) {
  const double set = split.threshold;
  if (!(set >= 0 && set + 1 < static_cast<double>(arrays.boundaries.size())) || set != std::floor(set)) {
    return block.At("threshold", fmt::format("category set {} of {}", set, arrays.boundaries.size()));
  }
  const auto index = static_cast<std::size_t>(set);
  split.categorical = true;
  split.bits_begin = static_cast<std::uint32_t>(arrays.boundaries[index]);
  split.bits_end = static_cast<std::uint32_t>(arrays.boundaries[index + 1]);
  return OkStatus();
}

Status AddSplits(const TextFields& block, const TreeArrays& arrays, Tree& tree) {
  for (std::size_t i = 0; i < arrays.threshold.size(); ++i) {
    const std::int64_t decision = arrays.decision[i];
    Split split;
    split.threshold = arrays.threshold[i];
    split.feature = static_cast<std::uint32_t>(arrays.feature[i]);
    split.left = static_cast<std::int32_t>(arrays.left[i]);
    split.right = static_cast<std::int32_t>(arrays.right[i]);
    split.default_left = (decision & kDefaultLeft) != 0;
    const std::int64_t missing = decision >> 2;
    if (missing > 2) return block.At("decision_type", fmt::format("entry {} has missing type {}", i + 1, missing));
    split.missing = static_cast<Missing>(missing);
    if ((decision & kCategorical) != 0) HONE_RETURN_IF_ERROR(SetCategories(block, arrays, split));
    tree.splits.push_back(split);
  }
  return CheckShape(block, tree);
}

Status ReadSplits(const TextFields& block, std::size_t width, Tree& tree) {
  const std::size_t count = tree.leaves.size() - 1;
  const auto low_child = -static_cast<std::int64_t>(tree.leaves.size());
  const auto high_child = static_cast<std::int64_t>(count) - 1;
  TreeArrays arrays;
  const auto last_feature = static_cast<std::int64_t>(width) - 1;
  HONE_ASSIGN_OR_RETURN(arrays.feature, block.Integers("split_feature", count, 0, last_feature));
  HONE_ASSIGN_OR_RETURN(arrays.threshold, block.Numbers("threshold", count, false));
  HONE_ASSIGN_OR_RETURN(arrays.left, block.Integers("left_child", count, low_child, high_child));
  HONE_ASSIGN_OR_RETURN(arrays.right, block.Integers("right_child", count, low_child, high_child));
  arrays.decision.assign(count, 0);
  if (block.Has("decision_type")) {
    HONE_ASSIGN_OR_RETURN(arrays.decision, block.Integers("decision_type", count, 0, 127));
  }
  HONE_RETURN_IF_ERROR(ReadCategories(block, arrays, tree));
  return AddSplits(block, arrays, tree);
}

// Per leaf a constant and the terms; columns and coefficients of all leaves stand one after the other.
Status ReadLinearLeaves(const TextFields& block, std::size_t width, Tree& tree) {
  const std::size_t leaves = tree.leaves.size();
  HONE_ASSIGN_OR_RETURN(const auto constants, block.Numbers("leaf_const", leaves, true));
  HONE_ASSIGN_OR_RETURN(const auto counts, block.Integers("num_features", leaves, 0, static_cast<std::int64_t>(width)));
  const std::int64_t total = std::accumulate(counts.begin(), counts.end(), std::int64_t{0});
  if (total > kMaxLinearTerms) {
    return block.At("num_features", fmt::format("more than {} terms in all", kMaxLinearTerms));
  }
  const auto terms = static_cast<std::size_t>(total);
  HONE_ASSIGN_OR_RETURN(const auto columns,
                        block.Integers("leaf_features", terms, 0, static_cast<std::int64_t>(width) - 1));
  HONE_ASSIGN_OR_RETURN(const auto coefficients, block.Numbers("leaf_coeff", terms, true));
  std::size_t next = 0;
  for (std::size_t i = 0; i < leaves; ++i) {
    LinearLeaf& leaf = tree.linear.emplace_back();
    leaf.constant = constants[i];
    for (const std::size_t end = next + static_cast<std::size_t>(counts[i]); next < end; ++next) {
      leaf.terms.push_back({static_cast<std::uint32_t>(columns[next]), coefficients[next]});
    }
  }
  return OkStatus();
}

// Prediction does not need these: a file without them, or with something else in their place, is read all the same.
std::vector<double> NumbersIfAny(const TextFields& block, std::string_view key, std::size_t count) {
  if (!block.Has(key)) return {};
  Result<std::vector<double>> numbers = block.Numbers(key, count, true);
  return numbers.ok() ? *std::move(numbers) : std::vector<double>();
}

TreeTraining ReadTraining(const TextFields& block, std::size_t splits) {
  TreeTraining training{NumbersIfAny(block, "internal_count", splits), NumbersIfAny(block, "leaf_count", splits + 1),
                        NumbersIfAny(block, "split_gain", splits)};
  if (training.split_cover.empty()) training.leaf_cover.clear();
  return training;
}

Result<Tree> ReadTree(const TextFields& block, std::size_t width) {
  HONE_ASSIGN_OR_RETURN(const std::int64_t leaves, block.Integer("num_leaves", 1, kMaxLeaves));
  Tree tree;
  HONE_ASSIGN_OR_RETURN(tree.leaves, block.Numbers("leaf_value", static_cast<std::size_t>(leaves), true));
  if (leaves > 1) {
    HONE_RETURN_IF_ERROR(ReadSplits(block, width, tree));
    tree.training = ReadTraining(block, tree.splits.size());
  }
  if (!block.Has("is_linear")) return tree;
  HONE_ASSIGN_OR_RETURN(const std::int64_t linear, block.Integer("is_linear", 0, 1));
  if (linear != 0) HONE_RETURN_IF_ERROR(ReadLinearLeaves(block, width, tree));
  return tree;
}

// Reads `key=value` lines up to a blank line.
Result<TextFields> ReadBlock(TextLineReader& reader) {
  TextFields block(reader);
  while (reader.Next() && !reader.line().empty()) HONE_RETURN_IF_ERROR(block.Add(reader));
  return block;
}

Status ReadHeader(TextLineReader& reader, Forest& forest, std::size_t& trees) {
  if (!reader.Next() || reader.line() != "tree")
    return reader.At("", "not a LightGBM model: the first line must be 'tree'");
  HONE_ASSIGN_OR_RETURN(const TextFields header, ReadBlock(reader));
  HONE_RETURN_IF_ERROR(CheckVersion(header));
  HONE_RETURN_IF_ERROR(ReadShape(header, forest));
  HONE_RETURN_IF_ERROR(ReadLink(header, forest));
  // The leaves of LightGBM 2's random forests are answers already.
  if (forest.average && header.Text("version") == "v2") forest.link = Link::kIdentity;
  trees = SplitWords(header.Text("tree_sizes")).size();
  if (trees == 0 || trees > kMaxTrees) {
    return header.At("tree_sizes", fmt::format("must name 1 to {} trees, names {}", kMaxTrees, trees));
  }
  if (trees % forest.outputs() != 0) {
    return header.At("tree_sizes", fmt::format("names {} trees for {} outputs", trees, forest.outputs()));
  }
  return OkStatus();
}

Status ReadTrees(TextLineReader& reader, std::size_t count, Forest& forest) {
  while (reader.Next()) {
    const std::string_view line = reader.line();
    if (line.empty()) continue;
    if (line == "end of trees") {
      if (forest.trees.size() == count) return OkStatus();
      return reader.At("tree_sizes", fmt::format("names {} trees, the file has {}", count, forest.trees.size()));
    }
    if (line != fmt::format("Tree={}", forest.trees.size())) {
      return reader.At("Tree", fmt::format("'Tree={}' or 'end of trees' was expected, not '{}'", forest.trees.size(),
                                           line.substr(0, 40)));
    }
    HONE_ASSIGN_OR_RETURN(const TextFields block, ReadBlock(reader));
    HONE_ASSIGN_OR_RETURN(Tree tree, ReadTree(block, forest.width));
    tree.output = static_cast<std::uint32_t>(forest.trees.size() % forest.outputs());
    forest.trees.push_back(std::move(tree));
  }
  return reader.At("", "the file ends before 'end of trees': it is truncated");
}

}  // namespace

Result<Forest> ReadLightGbmForest(std::string_view text, std::string_view source) {
  TextLineReader reader(text, source);
  if (text.size() > kMaxBytes) return reader.At("", fmt::format("larger than {} bytes", kMaxBytes));
  Forest forest;
  std::size_t trees = 0;
  HONE_RETURN_IF_ERROR(ReadHeader(reader, forest, trees));
  HONE_RETURN_IF_ERROR(ReadTrees(reader, trees, forest));
  return forest;
}

Result<ModelPointer> ReadLightGbm(std::string_view text, std::string_view source) {
  HONE_ASSIGN_OR_RETURN(Forest forest, ReadLightGbmForest(text, source));
  return ModelPointer(MakeForestModel(std::move(forest)));
}

}  // namespace hone
