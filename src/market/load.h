// Reading bars of one instrument from a file a user has: CSV, gzipped CSV, a zip of CSV (QuantConnect LEAN), or
// Parquet.
//
// The kind is decided by content, never by the file's name. Accepted:
//   header      any order and case; spaces, '_', '-', '.', '<', '>' ignored. Time: date, time, datetime, timestamp, an
//               empty first name... (date and time columns are joined); open, high, low, close (price, value), volume.
//               `Adj Close` is never used unless asked for. Other columns are ignored.
//   two columns date and value: a close-only series (`has_range` false, open = high = low = close)
//   no header   2 columns (time, value), 5 or 6 (time, open, high, low, close[, volume]) or 11 (time, bid open, high,
//               low, close, size, ask open, high, low, close, size: LEAN quotes, which become mid bars without volume)
//   times       epoch seconds, milliseconds, microseconds or nanoseconds (by size), ISO 8601 with or without time and
//               offset, month/day/year, YYYYMMDD and YYYYMMDD HH:MM, all UTC unless they carry an offset; in a LEAN zip
//               also milliseconds since midnight of the date that begins the inner file's name
//   LEAN price  in a zip, without a header and with integer prices throughout, prices count 1/10000 (LEAN's equities;
//               not below a folder forex, crypto, cfd, future or index); reported
//   Parquet     columns are named and bars refused as in a CSV with a header, errors name the row; times are
//               timestamps of any unit, with or without zone, dates, epoch integers or text as above; prices and volume
//               are numbers or text; null is missing. Where hone was built without Apache Arrow it says so
//               (kUnavailable)
//   missing     a row whose prices are all missing ("", ".", "null", "NA") is skipped and counted in the reports
//   order       oldest first, or exactly newest first (reversed and reported)
//
// Refused, each with file, line and column: NaN, infinite, zero or negative prices; high below low (beyond 1e-9
// relative); negative volume; bars in any other order; two bars of one time that differ; a row with too few or too many
// fields; a last line cut off; truncated gzip, zip or Parquet; anything larger than `max_bytes` once unpacked
// (of Parquet: pages and dictionaries in memory at a time).
// Reported, never mended: rows skipped, identical duplicates dropped, gaps, closes outside [low, high], volume absent.
//
// known_at = open_time + bar_size, where bar_size is the median step. A volume of 0 throughout means there is none.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"
#include "market/bar.h"

namespace hone {

struct LoadOptions {
  // Scale open, high, low and close of each bar by adjusted close / close (dividends and splits taken out).
  bool use_adjusted_close = false;
  // Column to read as the close when the file has none so named, as the header spells it ("" : found by name).
  std::string close_column{};
  // Prices are multiplied by this; 0: 1, or 1/10000 where the file is in LEAN's integer form.
  double price_scale = 0;
  // File inside a zip that holds several; "" where there is only one.
  std::string zip_entry{};
  // Limit on the file and on what it unpacks to.
  std::size_t max_bytes = std::size_t{512} << 20;
};

// Reads the bars of `path`. The instrument is the file's name without folder and extensions. Thread-safe.
Result<BarSeries> LoadBars(const std::string& path, const LoadOptions& options = {});

// The same from memory; `name` is used in messages and as `source`.
Result<BarSeries> ParseBars(std::string_view bytes, const std::string& name, const LoadOptions& options = {});

}  // namespace hone
