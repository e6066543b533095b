// The limiting distribution of sqrt(n) D_n (Kolmogorov 1933), and the exact one of the two-sample statistic.
#pragma once

#include <cstdint>

namespace hone {

// P(K > x) = 2 sum_{k>=1} (-1)^{k-1} exp(-2 k^2 x^2); below x = 0.82 by the theta-function form of 1 - P. Relative
// error about 1e-15. 1 for x <= 0.
double KolmogorovSurvival(double x);

// The x with KolmogorovSurvival(x) = probability, in (0, 1).
double KolmogorovQuantile(double probability);

// P(D >= d) for two samples of n and m independent values without ties, every interleaving counted (Hodges 1958): paths
// on the n x m lattice, as a recursion of probabilities that keeps relative precision. O(n m) time, O(min) memory; n, m
// >= 1.
double TwoSampleKolmogorovExact(std::int64_t n, std::int64_t m, double d);

}  // namespace hone
