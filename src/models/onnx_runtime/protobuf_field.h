// The fields of a protobuf message, one after the other, without its schema.
// Wire format: https://protobuf.dev/programming-guides/encoding
#pragma once

#include <cstdint>
#include <string_view>

namespace hone {

struct ProtobufField {
  std::uint64_t number = 0;  // in the schema
  bool has_length = false;   // `bytes` is a message, a text, bytes or packed numbers
  std::uint64_t value = 0;   // of a field that is one number, else 0
  std::string_view bytes;    // within the message; also of a fixed-width number
};

// Takes the first varint off `bytes`; false when it is cut or longer than ten bytes.
bool TakeVarint(std::string_view& bytes, std::uint64_t& number);

// Takes the first field off `message`, which must not be empty; false when it is cut, or a group, which ONNX has not.
bool TakeField(std::string_view& message, ProtobufField& field);

}  // namespace hone
