// Multiple tests at once, however they depend on each other: the false discovery rate (Benjamini and Yekutieli 2001,
// theorem 1.3).
#pragma once

#include <span>
#include <vector>

namespace hone {

// Adjusted p-values in the order given: those of BenjaminiHochberg times 1 + 1/2 + ... + 1/K, at most 1. Rejecting
// those
// <= q keeps the expected share of false rejections at q under any dependence. p in [0, 1].
std::vector<double> BenjaminiYekutieli(std::span<const double> p_values);

}  // namespace hone
