#include "stats/anderson_darling.h"

#include <cmath>

namespace hone {

// The squared difference of the second sample at a value is that of the first, so one sum serves both.
double AndersonDarlingStatistic(const PooledCounts& counts) {
  const double n = counts.first_rows, m = counts.second_rows, rows = n + m;
  double sum = 0, before_first = 0, before = 0;
  for (std::size_t i = 0; i < counts.values.size(); ++i) {
    const double here = counts.first[i] + counts.second[i];
    const double pooled = before + 0.5 * here;
    const double lag = rows * (before_first + 0.5 * counts.first[i]) - pooled * n;
    const double spread = pooled * (rows - pooled) - 0.25 * rows * here;
    if (here > 0 && spread > 0) sum += here * lag * lag / spread;
    before += here;
    before_first += counts.first[i];
  }
  return sum / rows * (1 / n + 1 / m) * (rows - 1) / rows;
}

double AndersonDarlingStandardized(const PooledCounts& counts) {
  const double rows = counts.first_rows + counts.second_rows, k = 2;
  const double inverse = 1 / counts.first_rows + 1 / counts.second_rows;
  double h = 1, g = 0, partial = 0;
  for (double i = 2; i < rows; ++i) {
    partial += 1 / (rows + 1 - i);
    g += partial / i;
  }
  h += partial;
  const double a = (4 * g - 6) * (k - 1) + (10 - 6 * g) * inverse;
  const double b = (2 * g - 4) * k * k + 8 * h * k + (2 * g - 14 * h - 4) * inverse - 8 * h + 4 * g - 6;
  const double c = (6 * h + 2 * g - 2) * k * k + (4 * h - 4 * g + 6) * k + (2 * h - 6) * inverse + 4 * h;
  const double d = (2 * h + 6) * k * k - 4 * h * k;
  const double variance =
      (a * rows * rows * rows + b * rows * rows + c * rows + d) / ((rows - 1) * (rows - 2) * (rows - 3));
  return (AndersonDarlingStatistic(counts) - (k - 1)) / std::sqrt(variance);
}

}  // namespace hone
