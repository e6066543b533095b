#include "stats/population_stability.h"

#include <algorithm>
#include <cmath>

#include "stats/incomplete_gamma.h"
#include "stats/quantile.h"

namespace hone {

PopulationStability CompareShares(std::span<const double> reference, std::span<const double> current,
                                  double reference_rows, double current_rows) {
  PopulationStability result;
  const std::size_t bins = std::min(reference.size(), current.size());
  if (bins < 2) return result;
  for (std::size_t i = 0; i < bins; ++i) {
    const double p = std::max(reference[i], 0.5 / reference_rows), q = std::max(current[i], 0.5 / current_rows);
    result.index += (q - p) * std::log(q / p);
  }
  const double noise = 1 / reference_rows + 1 / current_rows, degrees = static_cast<double>(bins - 1);
  result.corrected = result.index - degrees * noise;
  result.p_value = ChiSquareSurvival(result.index / noise, degrees);
  return result;
}

std::vector<double> QuantileEdges(std::span<const double> sorted, int bins) {
  std::vector<double> edges;
  if (sorted.empty()) return edges;
  for (int i = 1; i < bins; ++i) {
    const double edge = SortedQuantile(sorted, static_cast<double>(i) / bins);
    if (edge < sorted.back() && (edges.empty() || edge > edges.back())) edges.push_back(edge);
  }
  return edges;
}

std::vector<double> BinShares(std::span<const double> sorted, std::span<const double> edges) {
  std::vector<double> shares(edges.size() + 1);
  if (sorted.empty()) return shares;
  const double rows = static_cast<double>(sorted.size());
  auto begin = sorted.begin();
  for (std::size_t i = 0; i < shares.size(); ++i) {
    const auto end = i < edges.size() ? std::upper_bound(begin, sorted.end(), edges[i]) : sorted.end();
    shares[i] = static_cast<double>(end - begin) / rows;
    begin = end;
  }
  return shares;
}

}  // namespace hone
