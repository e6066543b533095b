#include "drift/detectors/maximum_mean_discrepancy_detector.h"

#include <algorithm>

#include "stats/maximum_mean_discrepancy.h"
#include "stats/running_moments.h"

namespace hone {
namespace {

constexpr int kCells = 64;

// The mean of the reference in each cell; one that holds none lies at its edge, and those beside a constant 1 from it.
std::vector<double> CellPoints(std::span<const double> sorted, const std::vector<double>& edges) {
  std::vector<double> points;
  auto begin = sorted.begin();
  for (std::size_t i = 0; i <= edges.size(); ++i) {
    const auto end = i < edges.size() ? std::upper_bound(begin, sorted.end(), edges[i]) : sorted.end();
    RunningMoments cell;
    for (; begin != end; ++begin) cell.Add(*begin);
    if (cell.count() > 0) {
      points.push_back(cell.mean());
    } else {
      points.push_back(i == 0 ? edges.front() - 1 : i == edges.size() ? edges.back() + 1 : edges[i]);
    }
  }
  return points;
}

double Bandwidth(std::span<const double> sorted) {
  const double median = MedianDistance(sorted);
  if (median > 0) return median;
  RunningMoments moments;
  for (const double value : sorted) moments.Add(value);
  return moments.standard_deviation() > 0 ? moments.standard_deviation() : 1;
}

}  // namespace

MaximumMeanDiscrepancyDetector::MaximumMeanDiscrepancyDetector(std::span<const double> sorted_reference,
                                                               const DriftPolicy&)
    : cells_(sorted_reference, kCells) {
  if (sorted_reference.empty()) return;
  kernel_ = GaussianKernel(CellPoints(sorted_reference, cells_.edges()), Bandwidth(sorted_reference));
}

double MaximumMeanDiscrepancyDetector::Of(const PooledCounts& counts) const {
  const PooledShares shares = cells_.Shares(counts);
  return SquaredMeanDiscrepancy(shares.first, shares.second, kernel_);
}

}  // namespace hone
