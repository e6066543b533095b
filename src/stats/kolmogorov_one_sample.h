// Distribution of the one-sample Kolmogorov statistic D_n for finite n (Simard and L'Ecuyer 2011).
#pragma once

#include <cstdint>

namespace hone {

// P(D_n >= d) for n >= 1 independent values of a continuous distribution. By range of n and d: Ruben and Gambino's
// closed forms, Durbin's matrix (Marsaglia, Tsang and Wang 2003), twice the one-sided probability, or the expansion of
// Pelz and Good (1976). Relative error below 1e-10 where the exact forms apply, absolute below 1e-8 for the expansion.
double OneSampleKolmogorovSurvival(std::int64_t n, double d);

// P(D_n^+ >= d), one-sided, exact (Smirnov 1944; Birnbaum and Tingey 1951).
double SmirnovSurvival(std::int64_t n, double d);

}  // namespace hone
