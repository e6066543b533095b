// What every bar must satisfy, whatever its source; and the fingerprint of a series.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "market/bar.h"

namespace hone {

// Prices outside this are refused: their ratios would leave the range of double in features.
inline constexpr double kSmallestPrice = 1e-18;
inline constexpr double kLargestPrice = 1e18;
inline constexpr double kLargestVolume = 1e30;

// Ok, or kInvalidData with `key` naming the field: prices finite and within [kSmallestPrice, kLargestPrice], high not
// below low by more than 1e-9 of it, volume finite and within [0, kLargestVolume], known_at after open_time.
// A close outside [low, high] is allowed: index data often repeat the last close as open.
Status CheckBar(const Bar& bar);

// SHA-256 (hex) over open_time, known_at, open, high, low, close, volume of each bar, as little-endian 64-bit words.
std::string FingerprintBars(const std::vector<Bar>& bars);

}  // namespace hone
