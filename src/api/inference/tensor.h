// Tensors of the Open Inference Protocol v2, as any transport hands them over.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace hone {

// Dimensions that a tensor may have.
inline constexpr std::size_t kMaxRank = 8;

// The datatypes that an input may have. FP16, BF16 and BYTES are none of them.
enum class TensorType : std::uint8_t {
  kBool,
  kUint8,
  kUint16,
  kUint32,
  kUint64,
  kInt8,
  kInt16,
  kInt32,
  kInt64,
  kFp32,
  kFp64
};

// "BOOL", "UINT8" ... "FP64".
const char* TensorTypeName(TensorType type);
// kInvalidArgument lists what there is.
Result<TensorType> ParseTensorType(std::string_view name);
// Bytes of an element.
std::size_t TensorTypeSize(TensorType type);

// One input of a request. Views point into the request.
struct InputTensor {
  std::string name;
  TensorType type = TensorType::kFp64;
  std::vector<std::int64_t> shape;
  // Its elements, row-major: `raw` where they came as bytes (little-endian), else `numbers`.
  bool is_raw = false;
  TensorType raw_type = TensorType::kFp64;  // what `raw` holds: `type`, or what a transport widened it to
  std::string_view raw;
  std::vector<double> numbers;
};

// Elements that the shape announces. kInvalidArgument for a negative dimension, more than eight of them, or more than
// 2^27 elements.
Result<std::size_t> ElementCount(const InputTensor& tensor);
// Whether it holds as many elements as it announces; kInvalidArgument says how many there are.
Status CheckElements(const InputTensor& tensor);
// Writes element i to out[i * stride]; after CheckElements. Numbers that came as text are rounded to FP32 where the
// tensor is that. kInvalidArgument names an element that is no value of the tensor's type.
Status CopyElements(const InputTensor& tensor, double* out, std::size_t stride);

}  // namespace hone
