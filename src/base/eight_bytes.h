// Eight bytes of a text as one word, looked at all at once. Of the words that the tests answer, the lowest high bit
// that is set tells the first byte that passed; bytes behind it may be marked wrongly; 0 where none passed.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>

namespace hone {

static_assert(std::endian::native == std::endian::little, "the first of eight bytes is the lowest");

// A one in each byte: times a byte, it is that byte eight times.
inline constexpr std::uint64_t kEachByte = ~std::uint64_t{0} / 255;
inline constexpr std::uint64_t kHighBits = 0x80 * kEachByte;

// `at` is followed by eight bytes that may be read.
inline std::uint64_t EightBytes(const char* at) {
  std::uint64_t word = 0;
  std::memcpy(&word, at, sizeof word);
  return word;
}

constexpr std::uint64_t ZeroBytes(std::uint64_t word) { return (word - kEachByte) & ~word & kHighBits; }

// Less than 0x20 or 0x7f.
constexpr std::uint64_t ControlBytes(std::uint64_t word) {
  return ((word - 0x20 * kEachByte) & ~word & kHighBits) | ZeroBytes(word ^ 0x7f * kEachByte);
}

}  // namespace hone
