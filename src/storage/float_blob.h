// Vectors of float64 as bytes: little-endian IEEE 754, eight bytes each. NaN keeps its bits.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "storage/statement.h"

namespace hone {

std::string EncodeDoubles(std::span<const double> values);
// The same without a copy, for as long as `values` stay.
Blob DoublesAsBlob(std::span<const double> values);
// kCorrupt when the size is no multiple of eight.
Result<std::vector<double>> DecodeDoubles(std::string_view bytes);

}  // namespace hone
