// libraries: market
// Any bytes as a log with times: rows in time order with finite numbers where they are asked for, or an error.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "market/timed_rows.h"

namespace {

void Demand(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto rows = hone::TimedRows::Open({reinterpret_cast<const char*>(data), size}, "fuzz");
  if (!rows.ok()) {
    Demand(!rows.error().message.empty());
    return 0;
  }
  const auto champion = rows->Column("champion");
  hone::Time last = 0;
  bool any = false;
  while (true) {
    const auto more = rows->Next();
    if (!more.ok() || !*more) return 0;
    Demand(!any || rows->time() >= last);
    last = rows->time();
    any = true;
    if (!champion.ok()) continue;
    const auto value = rows->Number(*champion);
    Demand(value.ok() ? std::isfinite(*value) : !value.error().message.empty());
    Demand(!rows->Missing(*champion) || !value.ok());
  }
}
