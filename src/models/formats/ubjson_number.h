// The numbers of UBJSON: a marker says the type, the bytes are big-endian.
//   i int8   U uint8   I int16   l int32   L int64   d float32   D float64
#pragma once

#include <cstddef>
#include <cstdint>

namespace hone {

// Bytes of a number; 0 for a marker that is none of the above.
std::size_t UbjsonNumberSize(char marker);
bool IsUbjsonInteger(char marker);
// `bytes` holds UbjsonNumberSize(marker). Of a whole number, its value; of a real one, 0.
std::int64_t UbjsonInteger(char marker, const char* bytes);
// Of any number.
double UbjsonReal(char marker, const char* bytes);

}  // namespace hone
