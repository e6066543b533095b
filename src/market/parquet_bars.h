// Rows of a Parquet file to bars, before anything is said about their order.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "market/bar_rows.h"

namespace hone {

// Bars as ParseCsvBars would read the same values from text, to the bit. Errors: kInvalidData with source, row and
// column; kUnavailable where Parquet's library cannot be opened.
Result<RawBars> ParseParquetBars(std::string_view bytes, const std::string& source, const LoadOptions& options);

}  // namespace hone
