#include "models/forest/tree.h"

#include <algorithm>
#include <cmath>

namespace hone {
namespace {

bool HasBit(const Tree& tree, const Split& split, std::uint32_t category) noexcept {
  const std::uint32_t word = split.bits_begin + category / 32;
  return word < split.bits_end && (tree.bits[word] >> (category % 32) & 1U) != 0;
}

bool LightGbmCategoryGoesLeft(const Tree& tree, const Split& split, double value) noexcept {
  // NaN, negatives and what does not fit an int go right, as the library's cast to int has it.
  if (!(value > -1.0 && value < 2147483648.0)) return false;
  return HasBit(tree, split, static_cast<std::uint32_t>(value));
}

bool LightGbmNumberGoesLeft(const Split& split, double value) noexcept {
  const bool missing = std::isnan(value);
  const bool zero = std::fabs(value) <= kZeroThreshold;
  if (missing && split.missing != Missing::kNone) return split.default_left;
  if (zero && split.missing == Missing::kZero) return split.default_left;
  if (missing && split.missing == Missing::kNone) return 0.0 <= split.threshold;
  return (zero ? 0.0 : value) <= split.threshold;
}

bool XgboostGoesLeft(const Tree& tree, const Split& split, float value) noexcept {
  constexpr float kCategoryEnd = 16777216.0F;
  if (std::isnan(value)) return split.default_left;
  if (!split.categorical) return static_cast<double>(value) < split.threshold;
  const auto set_end = static_cast<float>(split.bits_end - split.bits_begin) * 32;
  if (value < 0 || value >= std::min(set_end, kCategoryEnd)) return split.beyond_default ? split.default_left : true;
  return !HasBit(tree, split, static_cast<std::uint32_t>(value));
}

bool OnnxGoesLeft(const Tree& tree, const Split& split, double value) noexcept {
  if (std::isnan(value)) return split.default_left;
  if (!split.categorical) return value < split.threshold;
  if (split.truncated) value = std::trunc(value);
  return std::binary_search(tree.members.data() + split.bits_begin, tree.members.data() + split.bits_end, value);
}

double LinearValue(const LinearLeaf& leaf, double plain, std::span<const double> row) noexcept {
  double sum = leaf.constant;
  for (const LinearLeaf::Term& term : leaf.terms) {
    const double value = row[term.column];
    if (std::isnan(value)) return plain;
    sum += term.coefficient * ZeroIfTiny(value);
  }
  return sum;
}

template <typename Real>
void Average(const Forest& forest, std::span<double> values) noexcept {
  for (std::size_t k = 0; k < forest.outputs(); ++k) {
    const Real mean = static_cast<Real>(values[k]) / static_cast<Real>(forest.averaged);
    values[k] = static_cast<double>(mean + static_cast<Real>(forest.start[k]));
  }
}

}  // namespace

bool GoesLeft(const Tree& tree, const Split& split, Dialect dialect, double value) noexcept {
  if (dialect == Dialect::kOnnxFloat) return OnnxGoesLeft(tree, split, static_cast<double>(static_cast<float>(value)));
  if (dialect == Dialect::kOnnxDouble) return OnnxGoesLeft(tree, split, value);
  if (dialect == Dialect::kXgboost) return XgboostGoesLeft(tree, split, static_cast<float>(value));
  return split.categorical ? LightGbmCategoryGoesLeft(tree, split, value) : LightGbmNumberGoesLeft(split, value);
}

double TreeValue(const Tree& tree, Dialect dialect, std::span<const double> row) noexcept {
  std::int32_t node = tree.splits.empty() ? ~0 : 0;
  while (node >= 0) {
    const Split& split = tree.splits[static_cast<std::size_t>(node)];
    node = GoesLeft(tree, split, dialect, row[split.feature]) ? split.left : split.right;
  }
  node = ~node;
  const auto leaf = static_cast<std::size_t>(node);
  return tree.linear.empty() ? tree.leaves[leaf] : LinearValue(tree.linear[leaf], tree.leaves[leaf], row);
}

void AnswerOfMargins(const Forest& forest, std::span<double> values) noexcept {
  if (forest.average) {
    const std::size_t rounds = forest.trees.size() / forest.outputs();
    for (double& value : values) value /= static_cast<double>(rounds);
  }
  if (forest.aggregate == Aggregate::kAverage) {
    SumsFloats(forest.dialect) ? Average<float>(forest, values) : Average<double>(forest, values);
  }
  ApplyLink(forest.link, forest.dialect, forest.scale, values);
  if (!forest.float_answers) return;
  for (double& value : values) value = static_cast<double>(static_cast<float>(value));
}

}  // namespace hone
