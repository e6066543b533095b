// Rows of delimited text to bars, before anything is said about their order.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "market/bar.h"
#include "market/load.h"

namespace hone {

// Bars as the file has them: in its order, `known_at` not set yet.
struct RawBars {
  std::vector<Bar> bars;
  std::vector<int> lines;  // where each bar stands
  bool has_range = true;
  bool has_volume = true;
  std::string time_column;  // its name, for messages
  std::vector<std::string> reports;
};

struct CsvContext {
  std::string source;  // for messages
  // Set: the first column may be milliseconds since this midnight (LEAN's intraday files).
  std::optional<Time> midnight;
  // Integer prices without a header count 1/10000 (LEAN's equities).
  bool lean = false;
  // The text's length is vouched for by a checksum, so a last line without an end is no sign of a cut.
  bool checked = false;
};

// More bars than this are refused.
inline constexpr std::size_t kMostBars = 10'000'000;

// Every bar passes CheckBar (but for known_at). Errors: kInvalidData with source, line and column.
Result<RawBars> ParseCsvBars(std::string_view text, const CsvContext& context, const LoadOptions& options);

}  // namespace hone
