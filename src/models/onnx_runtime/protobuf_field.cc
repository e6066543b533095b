#include "models/onnx_runtime/protobuf_field.h"

#include <algorithm>
#include <cstddef>

namespace hone {

bool TakeVarint(std::string_view& bytes, std::uint64_t& number) {
  number = 0;
  for (std::size_t i = 0; i < std::min<std::size_t>(bytes.size(), 10); ++i) {
    const auto byte = static_cast<std::uint8_t>(bytes[i]);
    number |= std::uint64_t{byte & 0x7FU} << (7 * i);
    if ((byte & 0x80U) != 0) continue;
    bytes.remove_prefix(i + 1);
    return true;
  }
  return false;
}

bool TakeField(std::string_view& message, ProtobufField& field) {
  std::uint64_t tag = 0, size = 0;
  if (!TakeVarint(message, tag)) return false;
  field = {tag >> 3, (tag & 7) == 2};
  switch (tag & 7) {
    case 0: return TakeVarint(message, field.value);
    case 1: size = 8; break;
    case 2:
      if (!TakeVarint(message, size)) return false;
      break;
    case 5: size = 4; break;
    default: return false;
  }
  if (size > message.size()) return false;
  field.bytes = message.substr(0, size);
  message.remove_prefix(size);
  return true;
}

}  // namespace hone
