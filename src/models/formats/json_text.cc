#include "models/formats/json_text.h"

#include <charconv>
#include <cstdint>

namespace hone {
namespace {

void AppendUtf8(std::uint32_t code, std::string& text) {
  const auto put = [&text](std::uint32_t byte) { text += static_cast<char>(byte); };
  if (code < 0x80) return put(code);
  if (code < 0x800) {
    put(0xC0 | code >> 6);
  } else if (code < 0x10000) {
    put(0xE0 | code >> 12);
    put(0x80 | (code >> 6 & 0x3F));
  } else {
    put(0xF0 | code >> 18);
    put(0x80 | (code >> 12 & 0x3F));
    put(0x80 | (code >> 6 & 0x3F));
  }
  put(0x80 | (code & 0x3F));
}

// Takes "uXXXX" off the front.
bool TakeUnit(std::string_view& rest, std::uint32_t& unit) {
  if (rest.size() < 5 || rest.front() != 'u') return false;
  const char* const end = rest.data() + 5;
  const auto [stop, error] = std::from_chars(rest.data() + 1, end, unit, 16);
  rest.remove_prefix(5);
  return error == std::errc() && stop == end;
}

bool TakeCodePoint(std::string_view& rest, std::uint32_t& code) {
  if (!TakeUnit(rest, code)) return false;
  if (code < 0xD800 || code > 0xDFFF) return true;
  std::uint32_t low = 0;
  if (code > 0xDBFF || !rest.starts_with('\\')) return false;
  rest.remove_prefix(1);
  if (!TakeUnit(rest, low) || low < 0xDC00 || low > 0xDFFF) return false;
  code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
  return true;
}

}  // namespace

std::optional<std::string> UnescapeJson(std::string_view quoted) {
  constexpr std::string_view kEscapes = "\"\\/bfnrt";
  constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
  std::string text;
  while (!quoted.empty()) {
    const std::size_t plain = std::min(quoted.find('\\'), quoted.size());
    text += quoted.substr(0, plain);
    quoted.remove_prefix(plain);
    if (quoted.empty()) break;
    quoted.remove_prefix(1);
    const std::size_t known = quoted.empty() ? std::string_view::npos : kEscapes.find(quoted.front());
    std::uint32_t code = 0;
    if (known != std::string_view::npos) {
      text += kMeanings[known];
      quoted.remove_prefix(1);
    } else if (TakeCodePoint(quoted, code)) {
      AppendUtf8(code, text);
    } else {
      return std::nullopt;
    }
  }
  return text;
}

}  // namespace hone
