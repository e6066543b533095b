#include "models/forest/gauss_legendre.h"

#include <cmath>
#include <numbers>

namespace hone {
namespace {

// The Legendre polynomial of degree n and its derivative at x within (-1, 1).
struct Legendre {
  double value = 0, slope = 0;
};

Legendre LegendreAt(std::size_t n, double x) {
  double before = 1, now = x;
  for (std::size_t k = 2; k <= n; ++k) {
    const auto degree = static_cast<double>(k);
    const double next = ((2 * degree - 1) * x * now - (degree - 1) * before) / degree;
    before = now;
    now = next;
  }
  return {now, static_cast<double>(n) * (x * now - before) / (x * x - 1)};
}

double Root(std::size_t n, std::size_t i) {
  constexpr int kSteps = 20;  // four are enough; the rest change nothing
  const double angle = std::numbers::pi * (static_cast<double>(i) + 0.75) / (static_cast<double>(n) + 0.5);
  double x = -std::cos(angle);
  for (int step = 0; step < kSteps; ++step) {
    const Legendre at = LegendreAt(n, x);
    x -= at.value / at.slope;
  }
  return x;
}

}  // namespace

Quadrature GaussLegendre(std::size_t points) {
  Quadrature rule;
  for (std::size_t i = 0; i < points; ++i) {
    const double x = Root(points, i);
    const double slope = LegendreAt(points, x).slope;
    rule.nodes.push_back((1 + x) / 2);
    rule.weights.push_back(1 / ((1 - x * x) * slope * slope));
  }
  return rule;
}

}  // namespace hone
