// Pearson's chi-squared statistic of homogeneity and the effect size that belongs to it.
#pragma once

#include <span>

namespace hone {

struct ChiSquared {
  double statistic = 0;
  double degrees = 0;    // of freedom: categories that either sample has, less one
  double p_value = 1;    // for independent rows
  double cramers_v = 0;  // sqrt(statistic / rows), in [0, 1] (Cramer 1946, two rows)
};

// Of two rows of counts, one column a category; one length, each >= 0. Categories that neither has take no part. All
// zeros where a row or all but one category are empty. As SciPy's chi2_contingency without correction and
// contingency.association.
ChiSquared ChiSquaredOfCounts(std::span<const double> first, std::span<const double> second);

}  // namespace hone
