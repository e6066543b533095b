#include "stats/incomplete_beta.h"

#include <cmath>

#include "stats/log_gamma.h"

namespace hone {
namespace {

constexpr int kMostFractionTerms = 10'000;

// x^a (1 - x)^b / (a B(a, b)).
double BetaFront(double a, double b, double x, double rest) {
  const double log_x = x < 0.5 ? std::log(x) : std::log1p(-rest);
  const double log_rest = rest < 0.5 ? std::log(rest) : std::log1p(-x);
  return std::exp(a * log_x + b * log_rest + LogGamma(a + b) - LogGamma(a) - LogGamma(b)) / a;
}

double AwayFromZero(double value) { return std::abs(value) < 1e-300 ? 1e-300 : value; }

double BetaFraction(double a, double b, double x) {
  double c = 1, d = 1 / AwayFromZero(1 - (a + b) * x / (a + 1)), value = d;
  for (int m = 1; m < kMostFractionTerms; ++m) {
    const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / AwayFromZero(1 + even * d);
    c = AwayFromZero(1 + even / c);
    value *= d * c;
    const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / AwayFromZero(1 + odd * d);
    c = AwayFromZero(1 + odd / c);
    value *= d * c;
    if (std::abs(d * c - 1) < 1e-16) break;
  }
  return value;
}

}  // namespace

double IncompleteBeta(double a, double b, double x, double rest) {
  if (!(x > 0)) return x == 0 ? 0 : x;
  if (!(rest > 0)) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - BetaFront(b, a, rest, x) * BetaFraction(b, a, rest);
  return BetaFront(a, b, x, rest) * BetaFraction(a, b, x);
}

double StudentSurvival(double t, double degrees) {
  if (std::isnan(t)) return t;
  if (std::isinf(t)) return t > 0 ? 0 : 1;
  const double all = degrees + t * t;
  const double tail = 0.5 * IncompleteBeta(0.5 * degrees, 0.5, degrees / all, t * t / all);
  return t > 0 ? tail : 1 - tail;
}

}  // namespace hone
