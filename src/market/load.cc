#include "market/load.h"

#include <fmt/format.h>

#include <cmath>
#include <filesystem>
#include <optional>
#include <utility>

#include "base/files.h"
#include "columnar/parquet_file.h"
#include "market/bar_check.h"
#include "market/csv_bars.h"
#include "market/gzip.h"
#include "market/parquet_bars.h"
#include "market/series_order.h"
#include "market/timestamp.h"
#include "market/zip_entry.h"

namespace hone {
namespace {

Status CheckOptions(const LoadOptions& options) {
  if (std::isfinite(options.price_scale) && options.price_scale >= 0) return OkStatus();
  return Error{ErrorCode::kInvalidArgument, fmt::format("must be finite and not negative, is {}", options.price_scale),
               "", 0, "price_scale"};
}

// LEAN's intraday files are called 20131004_spy_minute_trade.csv.
std::optional<Time> DateBefore(std::string_view entry_name) {
  const std::size_t slash = entry_name.rfind('/');
  if (slash != std::string_view::npos) entry_name.remove_prefix(slash + 1);
  if (entry_name.size() < 9 || entry_name[8] != '_') return std::nullopt;
  return ParseBarTime(entry_name.substr(0, 8));
}

// Folders of LEAN whose prices are decimals; elsewhere integers mean 1/10000.
bool InDecimalFolder(std::string_view path) {
  for (const std::string_view folder : {"/forex/", "/crypto/", "/cfd/", "/future/", "/index/"}) {
    if (path.find(folder) != std::string_view::npos) return true;
  }
  return false;
}

// The text to read, unpacked into `storage` where it was packed.
Result<std::string_view> Unpack(std::string_view bytes, const LoadOptions& options, CsvContext& context,
                                std::string& storage) {
  if (bytes.size() > options.max_bytes) {
    return Error{ErrorCode::kInvalidData, fmt::format("larger than {} bytes", options.max_bytes), context.source, 0,
                 ""};
  }
  if (bytes.empty()) return Error{ErrorCode::kInvalidData, "the file is empty", context.source, 0, ""};
  if (IsGzip(bytes)) {
    HONE_ASSIGN_OR_RETURN(storage, Gunzip(bytes, context.source, options.max_bytes));
    context.checked = true;
    return std::string_view(storage);
  }
  if (!IsZip(bytes)) return bytes;
  HONE_ASSIGN_OR_RETURN(ZipEntry entry, ReadZipEntry(bytes, context.source, options.zip_entry, options.max_bytes));
  context.lean = !InDecimalFolder(context.source);
  context.source += "/" + entry.name;
  context.midnight = DateBefore(entry.name);
  context.checked = true;
  storage = std::move(entry.bytes);
  return std::string_view(storage);
}

std::string InstrumentOf(const std::string& name) {
  std::filesystem::path path = std::filesystem::path(name).filename();
  while (path.has_extension()) path = path.stem();
  return path.string();
}

}  // namespace

Result<BarSeries> ParseBars(std::string_view bytes, const std::string& name, const LoadOptions& options) {
  HONE_RETURN_IF_ERROR(CheckOptions(options));
  CsvContext context{.source = name, .midnight = std::nullopt, .lean = false, .checked = false};
  std::string storage;
  HONE_ASSIGN_OR_RETURN(const std::string_view text, Unpack(bytes, options, context, storage));
  HONE_ASSIGN_OR_RETURN(RawBars raw, IsParquet(text) ? ParseParquetBars(text, context.source, options)
                                                     : ParseCsvBars(text, context, options));
  HONE_ASSIGN_OR_RETURN(BarSeries series, OrderBars(std::move(raw), context.source));
  series.source = name;
  series.instrument = InstrumentOf(name);
  series.fingerprint = FingerprintBars(series.bars);
  return series;
}

Result<BarSeries> LoadBars(const std::string& path, const LoadOptions& options) {
  HONE_ASSIGN_OR_RETURN(const std::string bytes, ReadFile(path, options.max_bytes));
  return ParseBars(bytes, path, options);
}

}  // namespace hone
