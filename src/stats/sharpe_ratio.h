// The Sharpe ratio of a series of returns, its sampling error and its scale, allowing for dependence (Lo 2002, "The
// statistics of Sharpe ratios").
//
//   ratio of one row   mean / standard deviation (divisor n - 1); the riskless rate is taken out before
//   standard error     sqrt(tau var(psi) / n),  psi = (r - mean) / sd - ratio ((r - mean)^2 - sd^2) / (2 sd^2),
//                      tau the autocorrelation time of psi (Lo's GMM estimator; independent normal returns:
//                      sqrt((1 + ratio^2 / 2) / n))
//   of q rows          eta(q) ratio,  eta(q) = q / sqrt(q + 2 sum_{k=1}^{q-1} (q - k) rho_k)
//
// sqrt(q), the usual scale, is right only where returns are uncorrelated: at rho_1 = 0.2 it overstates by a fifth.
// rho_k is taken up to Sokal's window (effective_sample_size.h), 0 beyond.
#pragma once

#include <span>

#include "stats/interval.h"

namespace hone {

struct SharpeRatio {
  double per_row = 0;  // NaN for fewer than 2 returns or returns that do not vary
  double standard_error = 0;
  double scale = 1;       // eta(q)
  double annualised = 0;  // scale * per_row
  Interval interval;      // of `annualised`; the scale is taken as known
};

// eta(q) of autocorrelations rho_1, rho_2, ... (0 beyond them). q >= 1. Where they would make the variance of q rows
// less than that of one, it is taken as that of one.
double SharpeScale(int q, std::span<const double> autocorrelations);

// `rows_a_year` >= 1; level in (0, 1). O(n window).
SharpeRatio ComputeSharpeRatio(std::span<const double> returns, int rows_a_year, double level);

}  // namespace hone
