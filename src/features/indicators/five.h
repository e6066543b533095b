// The definitions of the catalogue, one a file.
#pragma once

#include <limits>

#include "features/indicator.h"

namespace hone {

extern const IndicatorDefinition kEma, kMacd, kRsi, kSma, kZscore;

}  // namespace hone
