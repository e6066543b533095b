#include "stats/incomplete_gamma.h"

#include <cmath>

#include "stats/log_gamma.h"

namespace hone {
namespace {

constexpr int kMaximumTerms = 10'000;

double Front(double a, double x) { return std::exp(a * std::log(x) - x - LogGamma(a)); }

double LowerSeries(double a, double x) {
  double term = 1 / a, sum = term;
  for (int k = 1; k < kMaximumTerms && term > sum * 1e-17; ++k) {
    term *= x / (a + k);
    sum += term;
  }
  return Front(a, x) * sum;
}

double UpperFraction(double a, double x) {
  constexpr double kTiny = 1e-300;
  double b = x + 1 - a, c = 1 / kTiny, d = 1 / b, value = d;
  for (int k = 1; k < kMaximumTerms; ++k) {
    const double an = -k * (k - a);
    b += 2;
    d = an * d + b;
    if (std::abs(d) < kTiny) d = kTiny;
    c = b + an / c;
    if (std::abs(c) < kTiny) c = kTiny;
    d = 1 / d;
    value *= d * c;
    if (std::abs(d * c - 1) < 1e-16) break;
  }
  return Front(a, x) * value;
}

}  // namespace

double UpperIncompleteGamma(double a, double x) {
  if (!(x > 0)) return 1;
  return x < a + 1 ? 1 - LowerSeries(a, x) : UpperFraction(a, x);
}

double ChiSquareSurvival(double x, double degrees) { return UpperIncompleteGamma(0.5 * degrees, 0.5 * x); }

}  // namespace hone
