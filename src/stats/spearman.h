// Spearman's rank correlation: Pearson's of the ranks, equal values sharing the mean of theirs.
#pragma once

#include <span>

namespace hone {

// In [-1, 1]; over the pairs in which neither is NaN. NaN where fewer than two pairs are left or one side is constant.
// O(n log n).
double SpearmanCorrelation(std::span<const double> x, std::span<const double> y);

}  // namespace hone
