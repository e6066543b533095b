#include "drift/detectors/detectable_shift.h"

#include <cmath>
#include <limits>

#include "stats/kolmogorov_smirnov.h"
#include "stats/normal.h"

namespace hone {

std::int64_t NeededRows(double rows, double minimum, double tau) {
  return rows >= minimum * tau ? 0 : static_cast<std::int64_t>(std::ceil(minimum * tau));
}

// D varies by about 0.5 / sqrt(n_e) around that of the shift, and D of a shift by s deviations is 2 Phi(s / 2) - 1.
double DetectableShift(double effective_rows, double level) {
  const double statistic =
      KolmogorovSmirnovCritical(level, effective_rows) + NormalQuantile(0.8) * 0.5 / std::sqrt(effective_rows);
  return statistic < 1 ? 2 * NormalQuantile(0.5 * (1 + statistic)) : std::numeric_limits<double>::infinity();
}

}  // namespace hone
