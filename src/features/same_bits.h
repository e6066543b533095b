// Whether two values of a feature are the same to the bit: -0 is not 0, and no value (NaN) is the same as no value.
#pragma once

#include <bit>
#include <cstdint>

namespace hone {

inline bool SameBits(double a, double b) { return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b); }

}  // namespace hone
