// The maximum mean discrepancy of two samples with a Gaussian kernel (Gretton et al. 2012), in one dimension.
#pragma once

#include <span>
#include <vector>

#include "stats/pooled_counts.h"

namespace hone {

// exp(-(x - y)^2 / (2 bandwidth^2)) of all pairs of points, row by row; all 1 for a bandwidth of 0 and equal points.
std::vector<double> GaussianKernel(std::span<const double> points, double bandwidth);

// The squared discrepancy, biased (V-statistic, >= 0): sum_ij (p_i - q_i) k_ij (p_j - q_j) of two distributions over
// the points of a kernel matrix. O(points^2).
double SquaredMeanDiscrepancy(std::span<const double> p, std::span<const double> q, std::span<const double> kernel);

// The median of |x_i - x_j| over all pairs i < j of an ascending sample: the usual bandwidth. 0 for fewer than two
// values. O(n log n log(range)).
double MedianDistance(std::span<const double> sorted);

}  // namespace hone
