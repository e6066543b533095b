// Gauss-Legendre quadrature on [0, 1]: sum_q weight_q f(node_q) is the integral of f, exact for polynomials of degree
// 2 n - 1 (Golub and Welsch 1969; the roots here by Newton's method from Tricomi's first guess).
#pragma once

#include <cstddef>
#include <vector>

namespace hone {

struct Quadrature {
  std::vector<double> nodes;    // ascending, within (0, 1)
  std::vector<double> weights;  // positive, their sum is 1
};

// `points` >= 1.
Quadrature GaussLegendre(std::size_t points);

}  // namespace hone
