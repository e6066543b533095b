// Binomial probabilities at full precision for any n.
#pragma once

namespace hone {

// P(X = k) for X ~ Binomial(n, p), k and n whole numbers, 0 <= k <= n, p in [0, 1]; by Loader's saddle-point expansion
// ("Fast and accurate computation of binomial probabilities", 2000), which has no cancelling logarithms of factorials.
double BinomialDensity(double k, double n, double p);

}  // namespace hone
