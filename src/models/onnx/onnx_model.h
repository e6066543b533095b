// What of an ONNX model file tells whether it is a tree ensemble: the operators of its graph, with their attributes yet
// unread, and what goes in and out. Field numbers are those of onnx.proto (https://github.com/onnx/onnx).
//
// Every view points into the bytes read, which must outlive it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace hone {

// The domain of ONNX's operators for trees.
inline constexpr std::string_view kMlDomain = "ai.onnx.ml";

// Types of tensor elements, of TensorProto.DataType.
enum class OnnxType : std::int32_t { kNone = 0, kFloat = 1, kUint8 = 2, kInt32 = 6, kInt64 = 7, kDouble = 11 };

struct OnnxAttribute {
  std::string_view name;
  std::string_view bytes;  // its AttributeProto
};

struct OnnxNode {
  std::string_view name, op_type, domain;
  std::vector<std::string_view> inputs, outputs;
  std::vector<OnnxAttribute> attributes;

  // `TreeEnsembleRegressor "trees"`, for messages.
  std::string ToString() const;
};

// An input or output of a graph.
struct OnnxValue {
  std::string_view name;
  std::int64_t type = 0;  // of its elements, as OnnxType numbers them; 0 where it is no tensor
  bool has_shape = false;
  std::vector<std::int64_t> dims;  // 0: of any size
};

struct OnnxModel {
  std::int64_t ml_version = 0;  // of the operators of ai.onnx.ml; 0 where the model imports none
  std::vector<OnnxNode> nodes;
  std::vector<OnnxValue> inputs, outputs;
  std::size_t initializers = 0;
  bool has_functions = false;
  std::string too_large;  // why reading stopped, where the graph has more of something than a tree ensemble has use for
};

// Bytes that begin as an ONNX model does: its ir_version, then another field of ModelProto.
bool IsOnnx(std::string_view bytes);

// Limits: 1,000 operators, inputs and outputs, 64 inputs, outputs and attributes of an operator; what has more is
// sound, but `too_large`. kCorrupt where a message is broken.
Result<OnnxModel> ReadOnnxModel(std::string_view bytes, std::string_view source);

}  // namespace hone
