// Chaikin's money flow of a bar: its volume times the place of the close in its range, -1 at the low to 1 at the high;
// 0 without range.
#pragma once

#include "features/indicators/define.h"

namespace hone {

// Of high, low, close, volume.
inline double MoneyFlow(const Row<4>& bar) {
  const double range = bar[0] - bar[1];
  return range > 0 ? ((bar[2] - bar[1]) - (bar[0] - bar[2])) / range * bar[3] : 0;
}

}  // namespace hone
