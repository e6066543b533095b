#include "features/store/latest_text.h"

#include <fmt/format.h>

#include <bit>
#include <charconv>
#include <cmath>
#include <iterator>
#include <limits>

#include "base/sha256.h"

namespace hone {
namespace {

constexpr std::string_view kBegin = "latest 1 ";
constexpr std::size_t kDigits = 20, kHexDigits = 16, kChecksum = 64;
constexpr std::size_t kHead = kBegin.size() + 2 * kDigits, kRow = kDigits + kLatestText;
constexpr std::uint64_t kSign = std::uint64_t{1} << 63;

// Of exactly so many digits.
std::optional<std::uint64_t> ParseUnsigned(std::string_view text, std::size_t digits, int base) {
  if (text.size() != digits) return std::nullopt;
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

void AppendOrdered(Time time, std::string& text) {
  fmt::format_to(std::back_inserter(text), "{:020}", static_cast<std::uint64_t>(time) ^ kSign);
}

void AppendValue(const FeatureValue& value, std::string& text) {
  AppendOrdered(value.event_time, text);
  AppendOrdered(value.recorded_at, text);
  AppendOrdered(value.known_at, text);
  const double number = std::isnan(value.value) ? std::numeric_limits<double>::quiet_NaN() : value.value;
  fmt::format_to(std::back_inserter(text), "{:016x}", std::bit_cast<std::uint64_t>(number));
}

Error Damaged(std::string message) { return {ErrorCode::kCorrupt, std::move(message), "", 0, ""}; }

// The part of the text before its checksum, where the two agree in length and content.
Result<std::uint64_t> CheckWhole(std::string_view bytes) {
  if (bytes.substr(0, kBegin.size()) != kBegin) return Damaged("does not begin with 'latest 1'");
  if (bytes.size() < kHead + kChecksum) return Damaged(fmt::format("is cut off after {} bytes", bytes.size()));
  const auto count = ParseUnsigned(bytes.substr(kBegin.size() + kDigits, kDigits), kDigits, 10);
  const std::size_t rows = (bytes.size() - kHead - kChecksum) / kRow;
  if (!count || *count != rows || bytes.size() != kHead + rows * kRow + kChecksum) {
    return Damaged(fmt::format("has {} bytes, which are not those of the number of values it tells", bytes.size()));
  }
  const std::size_t content = bytes.size() - kChecksum;
  if (Sha256Hex(bytes.substr(0, content)) != bytes.substr(content)) return Damaged("fails its SHA-256");
  return *count;
}

}  // namespace

std::string FormatLatest(const FeatureValue& value) {
  std::string text;
  AppendValue(value, text);
  return text;
}

std::optional<FeatureValue> ParseLatest(std::string_view text) {
  if (text.size() != kLatestText) return std::nullopt;
  const auto event = ParseOrderedTime(text.substr(0, kDigits));
  const auto recorded = ParseOrderedTime(text.substr(kDigits, kDigits));
  const auto known = ParseOrderedTime(text.substr(2 * kDigits, kDigits));
  const auto bits = ParseUnsigned(text.substr(3 * kDigits), kHexDigits, 16);
  if (!event || !recorded || !known || !bits || *known < *event) return std::nullopt;
  return FeatureValue{*event, *known, *recorded, std::bit_cast<double>(*bits)};
}

std::string FormatOrderedTime(Time time) {
  std::string text;
  AppendOrdered(time, text);
  return text;
}

std::optional<Time> ParseOrderedTime(std::string_view text) {
  const auto number = ParseUnsigned(text, kDigits, 10);
  return number ? std::optional(static_cast<Time>(*number ^ kSign)) : std::nullopt;
}

std::string EncodeSnapshot(const LatestSnapshot& snapshot) {
  std::string bytes(kBegin);
  bytes.reserve(kHead + snapshot.values.size() * kRow + kChecksum);
  AppendOrdered(snapshot.written_at, bytes);
  fmt::format_to(std::back_inserter(bytes), "{:020}", snapshot.values.size());
  for (const LatestOfFeature& latest : snapshot.values) {
    fmt::format_to(std::back_inserter(bytes), "{:020}", latest.feature);
    AppendValue(latest.value, bytes);
  }
  bytes += Sha256Hex(bytes);
  return bytes;
}

Result<LatestSnapshot> DecodeSnapshot(std::string_view bytes) {
  HONE_ASSIGN_OR_RETURN(const std::uint64_t count, CheckWhole(bytes));
  LatestSnapshot snapshot;
  const auto written_at = ParseOrderedTime(bytes.substr(kBegin.size(), kDigits));
  if (!written_at) return Damaged("does not tell when it was written");
  snapshot.written_at = *written_at;
  snapshot.values.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    const std::string_view row = bytes.substr(kHead + i * kRow, kRow);
    const auto feature = ParseUnsigned(row.substr(0, kDigits), kDigits, 10);
    const auto value = ParseLatest(row.substr(kDigits));
    const std::int64_t last = snapshot.values.empty() ? 0 : snapshot.values.back().feature;
    if (!feature || !value || *feature > INT64_MAX || static_cast<std::int64_t>(*feature) <= last) {
      return Damaged(fmt::format("value {} is none, or not of a later feature than the one before", i + 1));
    }
    snapshot.values.push_back({static_cast<std::int64_t>(*feature), *value});
  }
  return snapshot;
}

}  // namespace hone
