// Splits may be at infinity, and the least and greatest leaf start there.
#pragma once

#include <limits>

namespace hone {

inline constexpr double kInfinity = std::numeric_limits<double>::infinity();

}  // namespace hone
