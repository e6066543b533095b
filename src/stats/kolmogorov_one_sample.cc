#include "stats/kolmogorov_one_sample.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <vector>

#include "stats/binomial_density.h"

namespace hone {
namespace {

constexpr double kPi = std::numbers::pi;
constexpr int kScaleExponent = 128;

using Matrix = std::vector<double>;

Matrix Multiply(const Matrix& a, const Matrix& b, std::size_t size) {
  Matrix product(size * size);
  for (std::size_t i = 0; i < size; ++i)
    for (std::size_t k = 0; k < size; ++k)
      for (std::size_t j = 0; j < size; ++j) product[i * size + j] += a[i * size + k] * b[k * size + j];
  return product;
}

// Durbin's matrix for n d = k - h, of size 2k - 1.
Matrix DurbinMatrix(std::size_t size, double h) {
  Matrix matrix(size * size);
  std::vector<double> inverse_factorial(size + 2, 1.0);
  for (std::size_t j = 1; j < inverse_factorial.size(); ++j)
    inverse_factorial[j] = inverse_factorial[j - 1] / static_cast<double>(j);
  for (std::size_t i = 0; i < size; ++i)
    for (std::size_t j = 1; j < size && j <= i + 1; ++j) matrix[i * size + j] = inverse_factorial[i + 1 - j];
  for (std::size_t i = 0; i + 1 < size; ++i) {
    const double edge = (1 - std::pow(h, static_cast<double>(i + 1))) * inverse_factorial[i + 1];
    matrix[i * size] = edge;
    matrix[(size - 1) * size + size - 1 - i] = edge;
  }
  const double power = static_cast<double>(size);
  const double corner = std::pow(std::max(2 * h - 1, 0.0), power) - 2 * std::pow(h, power);
  matrix[(size - 1) * size] = (1 + corner) * inverse_factorial[size];
  return matrix;
}

double DurbinCdf(std::int64_t n, double d) {
  const double nd = static_cast<double>(n) * d;
  const auto k = static_cast<std::size_t>(std::ceil(nd));
  const std::size_t size = 2 * k - 1, middle = (k - 1) * size + k - 1;
  Matrix base = DurbinMatrix(size, static_cast<double>(k) - nd), power(size * size);
  for (std::size_t i = 0; i < size; ++i) power[i * size + i] = 1;
  int exponent = 0, base_exponent = 0;
  for (std::int64_t left = n; left > 0; left /= 2) {
    if (left % 2 == 1) {
      power = Multiply(power, base, size);
      exponent += base_exponent;
    }
    base = Multiply(base, base, size);
    base_exponent *= 2;
    if (std::abs(base[middle]) > std::ldexp(1.0, kScaleExponent)) {
      for (double& entry : base) entry = std::ldexp(entry, -kScaleExponent);
      base_exponent += kScaleExponent;
    }
  }
  double p = power[middle];
  for (std::int64_t i = 1; i <= n; ++i) {
    p = static_cast<double>(i) * p / static_cast<double>(n);
    if (std::abs(p) < std::ldexp(1.0, -kScaleExponent)) {
      p = std::ldexp(p, kScaleExponent);
      exponent -= kScaleExponent;
    }
  }
  return std::ldexp(p, exponent);
}

// Pelz and Good: P(D_n <= d) ~ K0 + K1 / sqrt(n) + K2 / n + K3 / n^1.5, each a series in the theta form for z = sqrt(n)
// d.
double PelzGoodCdf(std::int64_t n, double d) {
  const double rows = static_cast<double>(n), z = std::sqrt(rows) * d;
  const double z2 = z * z, z4 = z2 * z2, z6 = z4 * z2, pi2 = kPi * kPi, pi4 = pi2 * pi2, pi6 = pi4 * pi2;
  if (-pi2 / 8 / z2 < -708) return 0;
  const int terms = static_cast<int>(std::ceil(16 * z / kPi));
  std::array<double, 4> k{};
  double extra2 = 0, extra3 = 0;
  for (int j = terms; j >= 1; --j) {
    const double m2 = (2.0 * j - 1) * (2.0 * j - 1), m4 = m2 * m2, m6 = m4 * m2;
    const double weight = std::exp(-pi2 * m2 / (8 * z2));
    k[0] += weight;
    k[1] += weight * (-z2 + pi2 / 4 * m2);
    k[2] += weight * (6 * z6 + 2 * z4 + (2 * z4 - 5 * z2) * pi2 / 4 * m2 + pi4 * (1 - 2 * z2) / 16 * m4);
    k[3] += weight * (-30 * z6 - 90 * z4 * z4 + pi2 * (135 * z4 - 96 * z6) / 4 * m2 +
                      pi4 * (-60 * z2 + 212 * z4) / 16 * m4 + pi6 * (5 - 30 * z2) / 64 * m6);
    const double j2 = static_cast<double>(j) * j, even = std::exp(-pi2 * j2 / (2 * z2));
    extra2 += j2 * even;
    extra3 += (3 * z2 - pi2 * j2) * j2 * even;
  }
  const double root = std::sqrt(2 * kPi);
  k[0] *= root / z;
  k[1] *= root / (6 * z4);
  k[2] = k[2] * root / (72 * z6 * z) - extra2 * pi2 * root / (36 * z2 * z);
  k[3] = k[3] * root / (6480 * z6 * z4) + extra3 * pi2 * root / (216 * z6);
  return k[0] + k[1] / std::sqrt(rows) + k[2] / rows + k[3] / (rows * std::sqrt(rows));
}

// P(D_n <= d) for 1/2n < d <= 1/n: n! (2d - 1/n)^n.
double RubenGambinoLower(std::int64_t n, double d) {
  const double rows = static_cast<double>(n), step = 2 * rows * d - 1;
  double p = 1;
  for (std::int64_t i = 1; i <= n; ++i) p *= static_cast<double>(i) / rows * step;
  return p;
}

}  // namespace

double SmirnovSurvival(std::int64_t n, double d) {
  if (d <= 0) return 1;
  if (d >= 1) return 0;
  const double rows = static_cast<double>(n), last = std::floor(rows * (1 - d));
  double sum = 0;
  for (double j = 0; j <= last; ++j) {
    const double level = std::min(d + j / rows, 1.0);
    sum += BinomialDensity(j, rows, level) * d / level;
  }
  return std::min(sum, 1.0);
}

double OneSampleKolmogorovSurvival(std::int64_t n, double d) {
  if (n < 1 || d <= 0) return 1;
  if (d >= 1) return 0;
  const double rows = static_cast<double>(n), t = rows * d, z2 = t * d;
  if (t <= 0.5) return 1;
  if (t <= 1) return 1 - RubenGambinoLower(n, d);
  if (t >= rows - 1) return 2 * std::pow(1 - d, rows);
  if (z2 >= 370) return 0;
  if (d >= 0.5 || z2 >= (n <= 140 ? 4.0 : 2.2)) return std::min(2 * SmirnovSurvival(n, d), 1.0);
  const bool exact = n <= 140 || (n <= 100000 && rows * d * std::sqrt(d) <= 1.4);
  return std::clamp(1 - (exact ? DurbinCdf(n, d) : PelzGoodCdf(n, d)), 0.0, 1.0);
}

}  // namespace hone
