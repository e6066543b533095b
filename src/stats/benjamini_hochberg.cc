#include "stats/benjamini_hochberg.h"

#include <algorithm>
#include <numeric>

namespace hone {

std::vector<double> BenjaminiHochberg(std::span<const double> p_values) {
  std::vector<std::size_t> order(p_values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return p_values[a] != p_values[b] ? p_values[a] < p_values[b] : a < b;
  });
  std::vector<double> adjusted(p_values.size());
  const double count = static_cast<double>(order.size());
  double smallest = 1;
  for (std::size_t rank = order.size(); rank >= 1; --rank) {
    const std::size_t index = order[rank - 1];
    smallest = std::min(smallest, p_values[index] * (count / static_cast<double>(rank)));
    adjusted[index] = smallest;
  }
  return adjusted;
}

}  // namespace hone
