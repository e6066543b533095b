// The Hellinger distance of two discrete distributions (Hellinger 1909).
#pragma once

#include <span>

namespace hone {

// sqrt(sum (sqrt p - sqrt q)^2 / 2): 0 for equal shares, 1 for disjoint ones. Shares of one length, each >= 0, adding
// up to 1.
double HellingerDistance(std::span<const double> p, std::span<const double> q);

}  // namespace hone
