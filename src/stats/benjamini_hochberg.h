// Multiple tests at once: the false discovery rate (Benjamini and Hochberg 1995).
#pragma once

#include <span>
#include <vector>

namespace hone {

// Adjusted p-values in the order given: min over ranks j >= i of p_(j) K / j, at most 1. Rejecting those <= q keeps the
// expected share of false rejections at q (independent or positively dependent tests). p in [0, 1].
std::vector<double> BenjaminiHochberg(std::span<const double> p_values);

}  // namespace hone
