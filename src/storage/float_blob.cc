#include "storage/float_blob.h"

#include <fmt/format.h>

#include <bit>
#include <cstdint>
#include <cstring>

namespace hone {
namespace {

std::uint64_t LittleEndian(std::uint64_t word) {
  if constexpr (std::endian::native == std::endian::little) return word;
  return __builtin_bswap64(word);
}

}  // namespace

void EncodeDoubles(std::span<const double> values, std::string& bytes) {
  if constexpr (std::endian::native == std::endian::little) {
    bytes.assign(reinterpret_cast<const char*>(values.data()), values.size_bytes());
    return;
  }
  bytes.resize(values.size() * 8);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::uint64_t word = LittleEndian(std::bit_cast<std::uint64_t>(values[i]));
    std::memcpy(bytes.data() + 8 * i, &word, 8);
  }
}

std::string EncodeDoubles(std::span<const double> values) {
  std::string bytes;
  EncodeDoubles(values, bytes);
  return bytes;
}

Result<std::vector<double>> DecodeDoubles(std::string_view bytes) {
  if (bytes.size() % 8 != 0) {
    return Error{ErrorCode::kCorrupt,
                 fmt::format("a vector of float64 must be a multiple of 8 bytes, is {}", bytes.size()), "", 0, ""};
  }
  std::vector<double> values(bytes.size() / 8);
  for (std::size_t i = 0; i < values.size(); ++i) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data() + 8 * i, 8);
    values[i] = std::bit_cast<double>(LittleEndian(word));
  }
  return values;
}

}  // namespace hone
