// libraries: market
// Any bytes as a file of bars: plain, gzip or zip. What is accepted must be a sound series.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "market/bar_check.h"
#include "market/load.h"

namespace {

void Demand(bool holds) {
  if (!holds) std::abort();
}

void CheckSeries(const hone::BarSeries& series) {
  Demand(!series.bars.empty() && series.bar_size > 0);
  for (std::size_t i = 0; i < series.bars.size(); ++i) {
    const hone::Bar& bar = series.bars[i];
    Demand(hone::CheckBar(bar).ok());
    Demand(i == 0 || bar.open_time > series.bars[i - 1].open_time);
    Demand(series.has_range || (bar.open == bar.close && bar.high == bar.close && bar.low == bar.close));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  hone::LoadOptions options;
  options.max_bytes = std::size_t{1} << 20;
  for (const bool adjusted : {false, true}) {
    options.use_adjusted_close = adjusted;
    const auto series = hone::ParseBars(bytes, "fuzz", options);
    if (series.ok()) {
      CheckSeries(*series);
    } else {
      Demand(!series.error().message.empty());
    }
  }
  return 0;
}
