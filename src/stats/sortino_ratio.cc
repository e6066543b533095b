#include "stats/sortino_ratio.h"

#include <algorithm>
#include <cmath>

namespace hone {

double SortinoRatio(std::span<const double> returns) {
  double sum = 0, below = 0;
  for (const double value : returns) {
    sum += value;
    below += std::min(value, 0.0) * std::min(value, 0.0);
  }
  const double rows = static_cast<double>(returns.size());
  return (sum / rows) / std::sqrt(below / rows);
}

}  // namespace hone
