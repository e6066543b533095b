#include "models/onnx/wire.h"

#include <bit>
#include <cstddef>

namespace hone {
namespace {

bool TakeVarint(std::string_view& rest, std::uint64_t& value) {
  value = 0;
  for (std::size_t i = 0; i < 10 && i < rest.size(); ++i) {
    const auto byte = static_cast<unsigned char>(rest[i]);
    value |= static_cast<std::uint64_t>(byte & 0x7FU) << (7 * i);
    if ((byte & 0x80U) != 0) continue;
    rest.remove_prefix(i + 1);
    return true;
  }
  return false;
}

template <typename Bits>
bool TakeFixed(std::string_view& rest, Bits& value) {
  if (rest.size() < sizeof(Bits)) return false;
  value = 0;
  for (std::size_t i = 0; i < sizeof(Bits); ++i) {
    value |= static_cast<Bits>(static_cast<Bits>(static_cast<unsigned char>(rest[i])) << (8 * i));
  }
  rest.remove_prefix(sizeof(Bits));
  return true;
}

bool TakeBytes(std::string_view& rest, std::string_view& bytes) {
  std::uint64_t size = 0;
  if (!TakeVarint(rest, size) || size > rest.size()) return false;
  bytes = rest.substr(0, size);
  rest.remove_prefix(size);
  return true;
}

bool TakeValue(std::string_view& rest, WireField& field) {
  std::uint32_t word = 0;
  switch (field.type) {
    case WireType::kVarint: return TakeVarint(rest, field.value);
    case WireType::kFixed64: return TakeFixed(rest, field.value);
    case WireType::kBytes: return TakeBytes(rest, field.bytes);
    case WireType::kFixed32:
      if (!TakeFixed(rest, word)) return false;
      field.value = word;
      return true;
  }
  return false;
}

template <typename Bits, typename Real>
bool AppendRaw(std::string_view bytes, std::vector<Real>& numbers) {
  if (bytes.size() % sizeof(Bits) != 0) return false;
  numbers.reserve(numbers.size() + bytes.size() / sizeof(Bits));
  Bits bits = 0;
  while (TakeFixed(bytes, bits)) numbers.push_back(std::bit_cast<Real>(bits));
  return true;
}

template <typename Bits, typename Real>
bool AppendReals(const WireField& field, WireType one, std::vector<Real>& numbers) {
  if (field.type == WireType::kBytes) return AppendRaw<Bits>(field.bytes, numbers);
  if (field.type != one) return false;
  numbers.push_back(std::bit_cast<Real>(static_cast<Bits>(field.value)));
  return true;
}

}  // namespace

bool WireReader::Stop() {
  broken_ = true;
  rest_ = {};
  return false;
}

bool WireReader::Next(WireField& field) {
  if (rest_.empty()) return false;
  constexpr std::uint64_t kLargestNumber = (1U << 29) - 1;
  std::uint64_t tag = 0;
  if (!TakeVarint(rest_, tag) || tag >> 3 == 0 || tag >> 3 > kLargestNumber) return Stop();
  field = {};
  field.number = static_cast<std::uint32_t>(tag >> 3);
  const auto type = static_cast<std::uint8_t>(tag & 7);
  // Groups, 3 and 4, are of protobuf 1.
  if (type > 5 || type == 3 || type == 4) return Stop();
  field.type = static_cast<WireType>(type);
  return TakeValue(rest_, field) || Stop();
}

bool AppendIntegers(const WireField& field, std::vector<std::int64_t>& numbers) {
  if (field.type == WireType::kVarint) {
    numbers.push_back(static_cast<std::int64_t>(field.value));
    return true;
  }
  if (field.type != WireType::kBytes) return false;
  std::string_view rest = field.bytes;
  std::uint64_t value = 0;
  while (!rest.empty()) {
    if (!TakeVarint(rest, value)) return false;
    numbers.push_back(static_cast<std::int64_t>(value));
  }
  return true;
}

bool AppendFloats(const WireField& field, std::vector<float>& numbers) {
  return AppendReals<std::uint32_t>(field, WireType::kFixed32, numbers);
}

bool AppendDoubles(const WireField& field, std::vector<double>& numbers) {
  return AppendReals<std::uint64_t>(field, WireType::kFixed64, numbers);
}

bool AppendRawFloats(std::string_view bytes, std::vector<float>& numbers) {
  return AppendRaw<std::uint32_t>(bytes, numbers);
}

bool AppendRawDoubles(std::string_view bytes, std::vector<double>& numbers) {
  return AppendRaw<std::uint64_t>(bytes, numbers);
}

}  // namespace hone
