#include "stats/energy_distance.h"

#include <cmath>

namespace hone {

double EnergyDistance(const PooledCounts& counts) {
  double sum = 0;
  VisitLags(counts, [&sum](double lag, double, double gap) { sum += lag * lag * gap; });
  return std::sqrt(2 * sum);
}

}  // namespace hone
