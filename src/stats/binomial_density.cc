#include "stats/binomial_density.h"

#include <array>
#include <cmath>
#include <numbers>

namespace hone {
namespace {

// log(n!) - log(sqrt(2 pi n) (n / e)^n) for n = 1 ... 15; index 0 is not used.
constexpr std::array<double, 16> kStirlingErrors = {0.0,
                                                    0.0810614667953272582196702,
                                                    0.0413406959554092940938221,
                                                    0.02767792568499833914878929,
                                                    0.02079067210376509311152277,
                                                    0.01664469118982119216319487,
                                                    0.01387612882307074799874573,
                                                    0.01189670994589177009505572,
                                                    0.010411265261972096497478567,
                                                    0.009255462182712732917728637,
                                                    0.008330563433362871256469318,
                                                    0.007573675487951840794972024,
                                                    0.006942840107209529865664152,
                                                    0.006408994188004207068439631,
                                                    0.005951370112758847735624416,
                                                    0.005554733551962801371038690};

double StirlingError(double n) {
  if (n <= 15) return kStirlingErrors[static_cast<std::size_t>(n)];
  const double s = 1 / (n * n);
  return (1.0 / 12 - (1.0 / 360 - (1.0 / 1260 - (1.0 / 1680 - s / 1188) * s) * s) * s) / n;
}

// x log(x / mean) + mean - x without cancellation where x is near mean.
double Deviance(double x, double mean) {
  if (std::abs(x - mean) >= 0.1 * (x + mean)) return x * std::log(x / mean) + mean - x;
  const double v = (x - mean) / (x + mean);
  double sum = (x - mean) * v, power = 2 * x * v;
  for (int j = 1; j < 1000; ++j) {
    power *= v * v;
    const double next = sum + power / (2 * j + 1);
    if (next == sum) break;
    sum = next;
  }
  return sum;
}

}  // namespace

double BinomialDensity(double k, double n, double p) {
  const double q = 1 - p;
  if (p <= 0) return k == 0 ? 1 : 0;
  if (q <= 0) return k == n ? 1 : 0;
  if (k == 0) return std::exp(n * std::log1p(-p));
  if (k == n) return std::exp(n * std::log(p));
  const double exponent =
      StirlingError(n) - StirlingError(k) - StirlingError(n - k) - Deviance(k, n * p) - Deviance(n - k, n * q);
  return std::exp(exponent) * std::sqrt(n / (2 * std::numbers::pi * k * (n - k)));
}

}  // namespace hone
