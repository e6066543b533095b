#include "stats/rank_dependence.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "stats/effective_sample_size.h"

namespace hone {

std::vector<double> MidRanks(std::span<const double> values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  std::vector<double> ranks(values.size());
  for (std::size_t begin = 0; begin < order.size();) {
    std::size_t end = begin;
    while (end < order.size() && values[order[end]] == values[order[begin]]) ++end;
    const double rank = 0.5 * static_cast<double>(begin + end) / static_cast<double>(values.size());
    for (; begin < end; ++begin) ranks[order[begin]] = rank;
  }
  return ranks;
}

std::vector<double> FoldedRanks(std::vector<double> ranks) {
  for (double& rank : ranks) rank = std::abs(rank - 0.5);
  return ranks;
}

double RankAutocorrelationTime(std::span<const double> values) {
  const std::vector<double> ranks = MidRanks(values);
  return std::max(IntegratedAutocorrelationTime(ranks).tau, IntegratedAutocorrelationTime(FoldedRanks(ranks)).tau);
}

BlockLength RankBlockLength(std::span<const double> values) {
  const std::vector<double> ranks = MidRanks(values);
  return LongerBlock(OptimalBlockLength(ranks), OptimalBlockLength(FoldedRanks(ranks)));
}

}  // namespace hone
