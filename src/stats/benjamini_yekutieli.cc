#include "stats/benjamini_yekutieli.h"

#include <algorithm>

#include "stats/benjamini_hochberg.h"

namespace hone {

std::vector<double> BenjaminiYekutieli(std::span<const double> p_values) {
  double harmonic = 0;
  for (std::size_t rank = p_values.size(); rank >= 1; --rank) harmonic += 1 / static_cast<double>(rank);
  std::vector<double> adjusted = BenjaminiHochberg(p_values);
  for (double& p : adjusted) p = std::min(1.0, p * harmonic);
  return adjusted;
}

}  // namespace hone
