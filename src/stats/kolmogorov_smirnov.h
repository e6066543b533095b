// The two-sample Kolmogorov-Smirnov test: D = sup |F_a - F_b| (Smirnov 1939).
#pragma once

#include <cstdint>
#include <span>

#include "stats/pooled_counts.h"

namespace hone {

// D of two samples in ascending order, each without NaN; ties are taken as one step. 0 where either is empty. O(n + m).
double KolmogorovSmirnovStatistic(std::span<const double> sorted_a, std::span<const double> sorted_b);

// The same of pooled samples, both with rows. O(number of values).
double KolmogorovSmirnovStatistic(const PooledCounts& counts);

// kExact: every interleaving counted, O(n m). kAsymptotic: Kolmogorov's one-sample distribution at round(nm / (n + m))
// rows, as SciPy's method "asymp". kAuto: exact while both samples have at most 1,000 values.
enum class KolmogorovSmirnovMethod { kAuto, kExact, kAsymptotic };

struct KolmogorovSmirnovResult {
  double statistic = 0;  // D in [0, 1]
  double p_value = 1;    // two-sided, for independent values
};

// Values in any order; NaN is left out. p = 1 where a sample is empty.
KolmogorovSmirnovResult KolmogorovSmirnovTest(std::span<const double> a, std::span<const double> b,
                                              KolmogorovSmirnovMethod method = KolmogorovSmirnovMethod::kAuto);

// p of D at `effective_rows` = nm / ((n + m) tau), Stephens' (1970) correction of the limit:
// Kolmogorov((sqrt(e) + .12 + .11 / sqrt(e)) D).
double KolmogorovSmirnovPValue(double statistic, double effective_rows);

// The D at which KolmogorovSmirnovPValue is `p_value`; may exceed 1 for few rows.
double KolmogorovSmirnovCritical(double p_value, double effective_rows);

}  // namespace hone
