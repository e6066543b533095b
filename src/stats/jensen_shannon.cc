#include "stats/jensen_shannon.h"

#include <algorithm>
#include <cmath>

namespace hone {
namespace {

double RelativeEntropy(double share, double middle) { return share > 0 ? share * std::log(share / middle) : 0; }

}  // namespace

double JensenShannonDistance(std::span<const double> p, std::span<const double> q) {
  double left = 0, right = 0;
  for (std::size_t i = 0; i < std::min(p.size(), q.size()); ++i) {
    const double middle = 0.5 * (p[i] + q[i]);
    left += RelativeEntropy(p[i], middle);
    right += RelativeEntropy(q[i], middle);
  }
  return std::sqrt(std::max(0.5 * (left + right), 0.0));
}

}  // namespace hone
