// The Jensen-Shannon distance of two discrete distributions (Lin 1991; Endres and Schindelin 2003).
#pragma once

#include <span>

namespace hone {

// sqrt((KL(p || r) + KL(q || r)) / 2), r = (p + q) / 2, natural logarithms: 0 for equal shares, sqrt(log 2) for
// disjoint ones. As SciPy's spatial.distance.jensenshannon. Shares of one length, each >= 0, adding up to 1.
double JensenShannonDistance(std::span<const double> p, std::span<const double> q);

}  // namespace hone
