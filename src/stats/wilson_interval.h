// The score interval of a proportion (Wilson 1927): never outside [0, 1], close to its level from a dozen rows on.
#pragma once

#include <cstdint>

#include "stats/interval.h"

namespace hone {

// `wins` of `rows` independent rows, coverage `level` in (0, 1). [0, 1] without rows. Pass an effective number of rows
// for dependent ones (wins scaled with it).
Interval WilsonInterval(double wins, double rows, double level);

}  // namespace hone
