#include "stats/hellinger.h"

#include <algorithm>
#include <cmath>

namespace hone {

double HellingerDistance(std::span<const double> p, std::span<const double> q) {
  double sum = 0;
  for (std::size_t i = 0; i < std::min(p.size(), q.size()); ++i) {
    const double lag = std::sqrt(p[i]) - std::sqrt(q[i]);
    sum += lag * lag;
  }
  return std::sqrt(0.5 * sum);
}

}  // namespace hone
