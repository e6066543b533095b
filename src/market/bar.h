// A bar of an instrument, and a series of them.
#pragma once

#include <string>
#include <vector>

#include "base/time.h"

namespace hone {

// Prices are positive and finite. `known_at` is the bar's close: nothing may use the bar earlier.
struct Bar {
  Time open_time = 0;
  Time known_at = 0;
  double open = 0, high = 0, low = 0, close = 0;
  double volume = 0;  // 0 throughout a series means the source has none
};

// Bars in strictly increasing open_time.
struct BarSeries {
  std::string instrument;
  std::vector<Bar> bars;
  Duration bar_size = kDay;  // median step between open times
  bool has_range = true;     // false: close-only source; open = high = low = close in every bar
  bool has_volume = true;
  std::string source;                // path or "synthetic:calm"
  std::string fingerprint;           // SHA-256 (hex) of the bars as little-endian words
  std::vector<std::string> reports;  // what a user should know: order reversed, gaps, duplicates dropped...
};

}  // namespace hone
