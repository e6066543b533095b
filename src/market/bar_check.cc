#include "market/bar_check.h"

#include <fmt/format.h>

#include <cmath>

#include "base/sha256.h"

namespace hone {
namespace {

constexpr double kRangeRounding = 1e-9;

Error Refuse(const char* key, std::string message) { return {ErrorCode::kInvalidData, std::move(message), "", 0, key}; }

Status CheckPrice(const char* key, double price) {
  if (price >= kSmallestPrice && price <= kLargestPrice) return OkStatus();
  return Refuse(key, fmt::format("must be a finite price above 0, is {}", price));
}

}  // namespace

Status CheckBar(const Bar& bar) {
  HONE_RETURN_IF_ERROR(CheckPrice("open", bar.open));
  HONE_RETURN_IF_ERROR(CheckPrice("high", bar.high));
  HONE_RETURN_IF_ERROR(CheckPrice("low", bar.low));
  HONE_RETURN_IF_ERROR(CheckPrice("close", bar.close));
  if (bar.high < bar.low * (1 - kRangeRounding)) {
    return Refuse("high", fmt::format("high {} is below low {}", bar.high, bar.low));
  }
  if (!(bar.volume >= 0 && bar.volume <= kLargestVolume)) {
    return Refuse("volume", fmt::format("must be finite and not negative, is {}", bar.volume));
  }
  if (bar.known_at <= bar.open_time) return Refuse("known_at", "must be after open_time");
  return OkStatus();
}

std::string FingerprintBars(const std::vector<Bar>& bars) {
  Sha256 hash;
  for (const Bar& bar : bars) {
    hash.UpdateWord(static_cast<std::uint64_t>(bar.open_time));
    hash.UpdateWord(static_cast<std::uint64_t>(bar.known_at));
    for (const double value : {bar.open, bar.high, bar.low, bar.close, bar.volume}) hash.UpdateDouble(value);
  }
  return hash.Hex();
}

}  // namespace hone
