#include "stats/cramer_von_mises.h"

namespace hone {
namespace {

// Sum of (r - i)^2 of `count` rows of one mid-rank r whose own ranks i are before + 1 ... before + count.
double SquaredLags(double midrank, double before, double count) {
  const double lag = midrank - (before + 0.5 * (count + 1));
  return count * lag * lag + count * (count * count - 1) / 12;
}

}  // namespace

double CramerVonMisesStatistic(const PooledCounts& counts) {
  double first = 0, second = 0, before_first = 0, before_second = 0;
  for (std::size_t i = 0; i < counts.values.size(); ++i) {
    const double a = counts.first[i], b = counts.second[i];
    const double midrank = before_first + before_second + 0.5 * (a + b + 1);
    first += SquaredLags(midrank, before_first, a);
    second += SquaredLags(midrank, before_second, b);
    before_first += a;
    before_second += b;
  }
  const double n = counts.first_rows, m = counts.second_rows;
  return (n * first + m * second) / (n * m * (n + m)) - (4 * n * m - 1) / (6 * (n + m));
}

double CramerVonMisesDistance(const PooledCounts& counts) {
  const double n = counts.first_rows, m = counts.second_rows;
  double sum = 0;
  VisitLags(counts, [&sum](double lag, double rows, double) { sum += rows * lag * lag; });
  return n * m / ((n + m) * (n + m)) * sum;
}

}  // namespace hone
