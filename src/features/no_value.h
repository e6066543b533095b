// What a feature or an indicator answers where it has no value (yet).
#pragma once

#include <limits>

namespace hone {

inline constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

}  // namespace hone
