#include "stats/isotonic_regression.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>

namespace hone {
namespace {

struct Pool {
  double sum = 0, rows = 0;
  std::size_t points = 0;  // different x

  double mean() const { return sum / rows; }
};

void MergeLast(std::vector<Pool>& pools) {
  const Pool last = pools.back();
  pools.pop_back();
  pools.back().sum += last.sum;
  pools.back().rows += last.rows;
  pools.back().points += last.points;
}

}  // namespace

IsotonicRegression::IsotonicRegression(std::span<const double> x, std::span<const double> y) {
  std::vector<std::size_t> order(x.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return x[a] < x[b]; });
  std::vector<Pool> pools;
  for (std::size_t i = 0; i < order.size();) {
    x_.push_back(x[order[i]]);
    Pool pool{0, 0, 1};
    for (; i < order.size() && x[order[i]] == x_.back(); ++i) {
      pool.sum += y[order[i]];
      ++pool.rows;
    }
    pools.push_back(pool);
    while (pools.size() > 1 && pools[pools.size() - 2].mean() >= pools.back().mean()) MergeLast(pools);
  }
  for (const Pool& pool : pools) fitted_.insert(fitted_.end(), pool.points, pool.mean());
}

double IsotonicRegression::At(double x) const {
  const auto above = std::upper_bound(x_.begin(), x_.end(), x);
  if (above == x_.begin()) return fitted_.front();
  if (above == x_.end()) return fitted_.back();
  const auto i = static_cast<std::size_t>(above - x_.begin());
  return std::lerp(fitted_[i - 1], fitted_[i], (x - x_[i - 1]) / (x_[i] - x_[i - 1]));
}

}  // namespace hone
