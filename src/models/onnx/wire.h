// Protobuf's wire format, field by field, of bytes that may be anything. Nothing is copied: fields point into the
// bytes.
//
//   WireReader reader(bytes);
//   for (WireField field; reader.Next(field);) …
//   if (reader.broken()) …
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace hone {

enum class WireType : std::uint8_t { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };

struct WireField {
  std::uint32_t number = 0;
  WireType type = WireType::kVarint;
  std::uint64_t value = 0;  // of every type but kBytes
  std::string_view bytes;   // of kBytes
};

class WireReader {
 public:
  explicit WireReader(std::string_view bytes) : rest_(bytes) {}

  // The next field; false at the end of the bytes and where they are no field.
  bool Next(WireField& field);
  bool broken() const { return broken_; }

 private:
  bool Stop();

  std::string_view rest_;
  bool broken_ = false;
};

// The numbers of a repeated field, packed or one by one, go to the end of `numbers`. False where the field is of
// another type or does not hold whole numbers.
bool AppendIntegers(const WireField& field, std::vector<std::int64_t>& numbers);
bool AppendFloats(const WireField& field, std::vector<float>& numbers);
bool AppendDoubles(const WireField& field, std::vector<double>& numbers);

// `bytes` as little-endian numbers; false where they are not whole.
bool AppendRawFloats(std::string_view bytes, std::vector<float>& numbers);
bool AppendRawDoubles(std::string_view bytes, std::vector<double>& numbers);

}  // namespace hone
