#include "base/id.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <limits>

namespace hone {
namespace {

// The two digits of each byte.
constexpr std::array<char, 512> MakeHexPairs() {
  constexpr char kDigits[] = "0123456789abcdef";
  std::array<char, 512> pairs{};
  for (std::size_t byte = 0; byte < 256; ++byte) {
    pairs[2 * byte] = kDigits[byte >> 4];
    pairs[2 * byte + 1] = kDigits[byte & 15];
  }
  return pairs;
}

constexpr std::array<char, 512> kHexPairs = MakeHexPairs();

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool IsDashBefore(int byte) { return byte == 4 || byte == 6 || byte == 8 || byte == 10; }

void PutBigEndian(std::uint64_t value, std::uint8_t* out, int count) {
  for (int i = count - 1; i >= 0; --i, value >>= 8) out[i] = static_cast<std::uint8_t>(value);
}

}  // namespace

Time Id::time() const {
  std::uint64_t milliseconds = 0;
  for (int i = 0; i < 6; ++i) milliseconds = milliseconds << 8 | bytes[static_cast<std::size_t>(i)];
  constexpr std::uint64_t kLargest = std::numeric_limits<Time>::max() / kMillisecond;
  return static_cast<Time>(std::min(milliseconds, kLargest)) * kMillisecond;
}

std::string Id::ToString() const {
  std::string text(36, '-');
  char* out = text.data();
  for (int i = 0; i < 16; ++i, out += 2) {
    if (IsDashBefore(i)) ++out;
    std::memcpy(out, &kHexPairs[std::size_t{2} * bytes[static_cast<std::size_t>(i)]], 2);
  }
  return text;
}

Result<Id> ParseId(std::string_view text) {
  const Error malformed{
      ErrorCode::kInvalidArgument,
      fmt::format("must be an id such as 0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b, is \"{}\"", text.substr(0, 64)), "", 0,
      ""};
  if (text.size() != 36) return malformed;
  Id id;
  std::size_t position = 0;
  for (int i = 0; i < 16; ++i) {
    if (IsDashBefore(i) && text[position++] != '-') return malformed;
    const int high = HexValue(text[position]);
    const int low = HexValue(text[position + 1]);
    if (high < 0 || low < 0) return malformed;
    id.bytes[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(high << 4 | low);
    position += 2;
  }
  return id;
}

IdGenerator::IdGenerator(std::uint64_t seed) : random_(Random::Stream(seed, "ids")) {}

// Layout: 48 bits of milliseconds, version 7, 12 + 20 bits of counter around the variant, 42 random bits.
Id IdGenerator::Next(Time now) {
  const auto millisecond = static_cast<std::uint64_t>(std::max<Time>(now, 0) / kMillisecond);
  if (millisecond > last_millisecond_) {
    last_millisecond_ = millisecond;
    counter_ = 0;
  } else if (++counter_ == 0) {
    ++last_millisecond_;
  }
  Id id;
  PutBigEndian(last_millisecond_, id.bytes.data(), 6);
  PutBigEndian(0x7000U | counter_ >> 20, id.bytes.data() + 6, 2);
  const std::uint64_t low_counter = counter_ & 0xfffffU;
  const std::uint64_t random_bits = random_.Next() >> 22;
  ++made_;
  PutBigEndian(0x8000000000000000ULL | low_counter << 42 | random_bits, id.bytes.data() + 8, 8);
  return id;
}

void IdGenerator::Restore(const State& state) {
  for (; made_ < state.made; ++made_) random_.Next();
  last_millisecond_ = state.last_millisecond;
  counter_ = state.counter;
}

}  // namespace hone

std::size_t std::hash<hone::Id>::operator()(const hone::Id& id) const noexcept {
  std::uint64_t words[2];
  std::memcpy(words, id.bytes.data(), sizeof words);
  const std::uint64_t mixed = (words[0] ^ (words[1] * 0x9e3779b97f4a7c15ULL)) * 0xbf58476d1ce4e5b9ULL;
  return static_cast<std::size_t>(mixed ^ (mixed >> 32));
}
