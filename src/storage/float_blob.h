// Vectors of float64 as bytes: little-endian IEEE 754, eight bytes each, whatever the machine. NaN keeps its bits.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace hone {

std::string EncodeDoubles(std::span<const double> values);
// The same into memory that is used again.
void EncodeDoubles(std::span<const double> values, std::string& bytes);
// kCorrupt when the size is no multiple of eight.
Result<std::vector<double>> DecodeDoubles(std::string_view bytes);

}  // namespace hone
