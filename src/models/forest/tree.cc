#include "models/forest/tree.h"

#include <cmath>

namespace hone {
namespace {

bool CategoryGoesLeft(const Tree& tree, const Split& split, double value) noexcept {
  // NaN, negatives and what does not fit an int go right, as the library's cast to int has it.
  if (!(value > -1.0 && value < 2147483648.0)) return false;
  const auto category = static_cast<std::uint32_t>(value);
  const std::uint32_t word = split.bits_begin + category / 32;
  return word < split.bits_end && (tree.bits[word] >> (category % 32) & 1U) != 0;
}

bool NumberGoesLeft(const Split& split, double value) noexcept {
  const bool missing = std::isnan(value);
  const bool zero = std::fabs(value) <= kZeroThreshold;
  if (missing && split.missing != Missing::kNone) return split.default_left;
  if (zero && split.missing == Missing::kZero) return split.default_left;
  if (missing && split.missing == Missing::kNone) return 0.0 <= split.threshold;
  return (zero ? 0.0 : value) <= split.threshold;
}

}  // namespace

double TreeValue(const Tree& tree, std::span<const double> row) noexcept {
  std::int32_t node = tree.splits.empty() ? ~0 : 0;
  while (node >= 0) {
    const Split& split = tree.splits[static_cast<std::size_t>(node)];
    const double value = row[split.feature];
    const bool left = split.categorical ? CategoryGoesLeft(tree, split, value) : NumberGoesLeft(split, value);
    node = left ? split.left : split.right;
  }
  return tree.leaves[static_cast<std::size_t>(~node)];
}

double AnswerOfMargin(const Forest& forest, double margin) noexcept {
  if (forest.average) margin /= static_cast<double>(forest.trees.size());
  switch (forest.link) {
    case Link::kIdentity: return margin;
    case Link::kSignedSquare: return ((margin > 0) - (margin < 0)) * margin * margin;
    case Link::kExp: return std::exp(margin);
    case Link::kSigmoid: return 1.0 / (1.0 + std::exp(-forest.scale * margin));
    case Link::kLog1pExp: return std::log1p(std::exp(margin));
  }
  return margin;
}

}  // namespace hone
