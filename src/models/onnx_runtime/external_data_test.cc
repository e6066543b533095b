#include "models/onnx_runtime/external_data.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace hone {
namespace {

using testing::HasSubstr;

std::string Varint(std::size_t number) {
  std::string out;
  for (; number > 127; number >>= 7) out += static_cast<char>((number & 127) | 128);
  return out + static_cast<char>(number);
}

// A field of protobuf: its number, and the bytes of a message, a text or bytes.
std::string Field(std::size_t number, const std::string& bytes) {
  return Varint(number << 3 | 2) + Varint(bytes.size()) + bytes;
}

std::string ModelBytes(const std::string& graph) { return "\x08\x08" + Field(7, graph); }

void ExpectRefused(const std::string& bytes, const std::string& says) {
  const Status status = CheckHoldsItsWeights(bytes, "m.onnx");
  ASSERT_FALSE(status.ok()) << says;
  EXPECT_EQ(status.error().code, ErrorCode::kInvalidData);
  EXPECT_EQ(status.error().source, "m.onnx");
  EXPECT_THAT(status.error().message, HasSubstr(says));
}

const std::string kInside = Field(9, "1234");                                                      // raw_data
const std::string kOutside = Field(13, Field(1, "location") + Field(2, "../w.bin")) + "\x70\x01";  // and data_location

TEST(ExternalData, WeightsInTheFileAreTaken) {
  EXPECT_TRUE(
      CheckHoldsItsWeights(ModelBytes(Field(5, kInside) + Field(5, kInside + "\x70" + std::string(1, 0))), "m").ok());
  EXPECT_TRUE(CheckHoldsItsWeights("", "m").ok());
}

TEST(ExternalData, ATensorInAnotherFileIsFoundWhereverItIs) {
  ExpectRefused(ModelBytes(Field(5, kOutside)), "another file, ../w.bin; save it in one: onnx.save_model(");
  ExpectRefused(ModelBytes(Field(5, "\x70\x01")), "another file");
  const std::string sparse = Field(15, Field(1, kInside) + Field(2, kOutside));
  ExpectRefused(ModelBytes(sparse), "../w.bin");
  const std::string constant = Field(1, Field(5, Field(5, kOutside)));  // a node's attribute
  ExpectRefused(ModelBytes(constant), "../w.bin");
  const std::string branch = Field(1, Field(5, Field(6, constant)));  // in a graph in a node
  ExpectRefused(ModelBytes(Field(1, "") + branch), "../w.bin");
  ExpectRefused("\x08\x08" + Field(25, Field(7, Field(5, Field(10, kOutside)))), "../w.bin");  // in a function
}

TEST(ExternalData, WhatIsNotSoundIsRefused) {
  ExpectRefused("\x08", "cut");
  ExpectRefused("\x3a\x7f", "cut");
  ExpectRefused("\x3b\x01", "cut");                                      // a group
  ExpectRefused(std::string(11, '\x80'), "cut");                         // no number has more than ten bytes
  ExpectRefused("\x3a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", "cut");  // longer than memory
  std::string graph;
  for (int i = 0; i < 100; ++i) graph = Field(1, Field(5, Field(6, graph)));
  ExpectRefused(ModelBytes(graph), "nested too deep");
}

}  // namespace
}  // namespace hone
