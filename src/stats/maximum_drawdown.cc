#include "stats/maximum_drawdown.h"

#include <algorithm>

namespace hone {

double MaximumDrawdown(std::span<const double> returns) {
  double wealth = 1, high = 1, deepest = 0;
  for (const double value : returns) {
    wealth = std::max(wealth * (1 + value), 0.0);
    high = std::max(high, wealth);
    deepest = std::max(deepest, 1 - wealth / high);
    if (wealth == 0) break;
  }
  return deepest;
}

}  // namespace hone
