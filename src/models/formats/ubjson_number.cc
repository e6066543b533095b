#include "models/formats/ubjson_number.h"

#include <bit>

namespace hone {
namespace {

std::uint64_t BigEndian(const char* bytes, std::size_t size) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < size; ++i) value = value << 8 | static_cast<unsigned char>(bytes[i]);
  return value;
}

}  // namespace

std::size_t UbjsonNumberSize(char marker) {
  switch (marker) {
    case 'i':
    case 'U': return 1;
    case 'I': return 2;
    case 'l':
    case 'd': return 4;
    case 'L':
    case 'D': return 8;
    default: return 0;
  }
}

bool IsUbjsonInteger(char marker) { return UbjsonNumberSize(marker) != 0 && marker != 'd' && marker != 'D'; }

std::int64_t UbjsonInteger(char marker, const char* bytes) {
  const std::uint64_t bits = BigEndian(bytes, UbjsonNumberSize(marker));
  switch (marker) {
    case 'i': return static_cast<std::int8_t>(bits);
    case 'U': return static_cast<std::int64_t>(bits);
    case 'I': return static_cast<std::int16_t>(bits);
    case 'l': return static_cast<std::int32_t>(bits);
    case 'L': return static_cast<std::int64_t>(bits);
    default: return 0;
  }
}

double UbjsonReal(char marker, const char* bytes) {
  if (marker == 'd') return std::bit_cast<float>(static_cast<std::uint32_t>(BigEndian(bytes, 4)));
  if (marker == 'D') return std::bit_cast<double>(BigEndian(bytes, 8));
  return static_cast<double>(UbjsonInteger(marker, bytes));
}

}  // namespace hone
