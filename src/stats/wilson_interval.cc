#include "stats/wilson_interval.h"

#include <algorithm>
#include <cmath>

#include "stats/normal.h"

namespace hone {

Interval WilsonInterval(double wins, double rows, double level) {
  if (!(rows > 0)) return {0, 1};
  const double z = NormalQuantile(0.5 * (1 + level)), share = wins / rows;
  const double spread = 1 + z * z / rows;
  const double middle = (share + z * z / (2 * rows)) / spread;
  const double half = z * std::sqrt(share * (1 - share) / rows + z * z / (4 * rows * rows)) / spread;
  return {std::max(middle - half, 0.0), std::min(middle + half, 1.0)};
}

}  // namespace hone
