#include "stats/symmetric_eigen.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace hone {
namespace {

constexpr int kMostSweeps = 60;

struct Rotation {
  double cosine, sine;
};

// The rotation of rows p, q that makes their element 0.
Rotation Annihilate(double pp, double pq, double qq) {
  const double theta = 0.5 * (qq - pp) / pq;
  const double tangent = (theta >= 0 ? 1 : -1) / (std::abs(theta) + std::hypot(1.0, theta));
  const double cosine = 1 / std::hypot(1.0, tangent);
  return {cosine, tangent * cosine};
}

void Rotate(double& a, double& b, const Rotation& by) {
  const double first = by.cosine * a - by.sine * b;
  b = by.sine * a + by.cosine * b;
  a = first;
}

double OffDiagonal(const std::vector<double>& matrix, std::size_t size) {
  double sum = 0;
  for (std::size_t i = 0; i < size; ++i)
    for (std::size_t j = 0; j < i; ++j) sum += matrix[i * size + j] * matrix[i * size + j];
  return sum;
}

void Sweep(std::vector<double>& matrix, std::vector<double>& vectors, std::size_t size) {
  for (std::size_t p = 0; p < size; ++p) {
    for (std::size_t q = p + 1; q < size; ++q) {
      if (matrix[p * size + q] == 0) continue;
      const Rotation by = Annihilate(matrix[p * size + p], matrix[p * size + q], matrix[q * size + q]);
      for (std::size_t k = 0; k < size; ++k) Rotate(matrix[k * size + p], matrix[k * size + q], by);
      for (std::size_t k = 0; k < size; ++k) Rotate(matrix[p * size + k], matrix[q * size + k], by);
      for (std::size_t k = 0; k < size; ++k) Rotate(vectors[p * size + k], vectors[q * size + k], by);
    }
  }
}

}  // namespace

SymmetricEigen DecomposeSymmetric(std::vector<double> matrix, std::size_t size) {
  std::vector<double> vectors(size * size);
  double squares = 0;
  for (const double entry : matrix) squares += entry * entry;
  for (std::size_t i = 0; i < size; ++i) vectors[i * size + i] = 1;
  for (int i = 0; i < kMostSweeps && OffDiagonal(matrix, size) > 1e-30 * squares; ++i) Sweep(matrix, vectors, size);
  std::vector<std::size_t> order(size);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return matrix[a * size + a] > matrix[b * size + b]; });
  SymmetricEigen eigen;
  for (const std::size_t place : order) {
    eigen.values.push_back(matrix[place * size + place]);
    const auto begin = vectors.begin() + static_cast<std::ptrdiff_t>(place * size);
    eigen.vectors.insert(eigen.vectors.end(), begin, begin + static_cast<std::ptrdiff_t>(size));
  }
  return eigen;
}

}  // namespace hone
