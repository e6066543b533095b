// Lines of delimited text to bars, before anything is said about their order.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "market/bar_rows.h"
#include "market/load.h"

namespace hone {

struct CsvContext {
  std::string source;  // for messages
  // Set: the first column may be milliseconds since this midnight (LEAN's intraday files).
  std::optional<Time> midnight;
  // Integer prices without a header count 1/10000 (LEAN's equities).
  bool lean = false;
  // The text's length is vouched for by a checksum, so a last line without an end is no sign of a cut.
  bool checked = false;
};

// Every bar passes CheckBar (but for known_at). Errors: kInvalidData with source, line and column.
Result<RawBars> ParseCsvBars(std::string_view text, const CsvContext& context, const LoadOptions& options);

}  // namespace hone
