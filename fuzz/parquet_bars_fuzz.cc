// libraries: market
// Any bytes as a Parquet file of bars. What is accepted must be a sound series.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "market/bar_check.h"
#include "market/parquet_bars.h"

namespace {

void Demand(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  hone::LoadOptions options;
  options.max_bytes = std::size_t{64} << 20;
  const auto raw = hone::ParseParquetBars(std::string_view(reinterpret_cast<const char*>(data), size), "fuzz", options);
  Demand(raw.ok() || !raw.error().message.empty());
  if (!raw.ok()) return 0;
  Demand(!raw->bars.empty() && raw->lines.size() == raw->bars.size());
  for (hone::Bar bar : raw->bars) {
    bar.known_at = bar.open_time + 1;
    Demand(hone::CheckBar(bar).ok());
  }
  return 0;
}
