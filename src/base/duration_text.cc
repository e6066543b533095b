#include "base/duration_text.h"

#include <fmt/format.h>

#include <array>
#include <charconv>

namespace hone {
namespace {

struct Unit {
  std::string_view name;
  Duration size;
};
constexpr std::array<Unit, 5> kUnits = {
    {{"d", kDay}, {"h", 3600 * kSecond}, {"m", 60 * kSecond}, {"s", kSecond}, {"ms", kMillisecond}}};
constexpr Duration kLongest = 3653 * kDay;

Error NoDuration(std::string_view text) {
  return {
      ErrorCode::kInvalidArgument,
      fmt::format("must be a duration such as 30s, 5m, 1h30m or 7d, at most ten years, is \"{}\"", text.substr(0, 64)),
      "", 0, ""};
}

// The letters that `text` begins with.
std::string_view UnitOf(std::string_view text) {
  std::size_t end = 0;
  while (end < text.size() && text[end] >= 'a' && text[end] <= 'z') ++end;
  return text.substr(0, end);
}

}  // namespace

Result<Duration> ParseDuration(std::string_view text) {
  if (text == "0") return Duration{0};
  if (text.empty()) return NoDuration(text);
  Duration sum = 0;
  std::size_t next = 0;  // of kUnits
  for (std::string_view rest = text; !rest.empty();) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
    if (error != std::errc() || rest.front() == '-') return NoDuration(text);
    rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
    const std::string_view name = UnitOf(rest);
    while (next < kUnits.size() && kUnits[next].name != name) ++next;
    if (next == kUnits.size() || number > kLongest / kUnits[next].size) return NoDuration(text);
    sum += number * kUnits[next++].size;
    rest.remove_prefix(name.size());
  }
  return sum > kLongest ? Result<Duration>(NoDuration(text)) : Result<Duration>(sum);
}

std::string FormatDuration(Duration duration) {
  std::string text;
  for (const Unit& unit : kUnits) {
    if (const std::int64_t count = duration / unit.size; count > 0) {
      text += fmt::format("{}{}", count, unit.name);
      duration -= count * unit.size;
    }
  }
  return text.empty() ? "0s" : text;
}

}  // namespace hone
