// Eigenvalues and eigenvectors of a symmetric matrix: Jacobi's method (Jacobi 1846; Golub and Van Loan, section 8.5).
#pragma once

#include <cstddef>
#include <vector>

namespace hone {

struct SymmetricEigen {
  std::vector<double> values;   // descending
  std::vector<double> vectors;  // of length 1, one after the other in the order of the values
};

// `matrix`: size x size, symmetric, finite. O(size^3) a sweep, some ten sweeps.
SymmetricEigen DecomposeSymmetric(std::vector<double> matrix, std::size_t size);

}  // namespace hone
