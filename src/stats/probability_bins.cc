#include "stats/probability_bins.h"

#include <algorithm>
#include <numeric>

namespace hone {
namespace {

std::vector<std::size_t> AscendingOrder(std::span<const double> values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  return order;
}

}  // namespace

std::vector<ProbabilityBin> EqualMassBins(std::span<const double> probabilities, std::span<const double> outcomes,
                                          int bins) {
  const std::vector<std::size_t> order = AscendingOrder(probabilities);
  const std::size_t rows = order.size(), wanted = static_cast<std::size_t>(std::max(bins, 1));
  std::vector<ProbabilityBin> result;
  std::size_t begin = 0;
  for (std::size_t i = 1; i <= wanted && begin < rows; ++i) {
    std::size_t end = std::max(begin, rows * i / wanted);
    if (end == begin) continue;
    while (end < rows && probabilities[order[end]] == probabilities[order[end - 1]]) ++end;
    ProbabilityBin bin{end - begin, 0, 0};
    for (std::size_t k = begin; k < end; ++k) {
      bin.mean_probability += probabilities[order[k]];
      bin.event_rate += outcomes[order[k]];
    }
    bin.mean_probability /= static_cast<double>(bin.rows);
    bin.event_rate /= static_cast<double>(bin.rows);
    result.push_back(bin);
    begin = end;
  }
  return result;
}

}  // namespace hone
