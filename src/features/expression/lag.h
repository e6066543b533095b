// The value n values ago.
#pragma once

#include "features/indicator.h"

namespace hone {

// parameters: n
Result<IndicatorPointer> MakeLag(std::span<const double> parameters);

}  // namespace hone
