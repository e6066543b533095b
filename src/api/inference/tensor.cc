#include "api/inference/tensor.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <utility>

namespace hone {
namespace {

static_assert(std::endian::native == std::endian::little, "raw tensors are little-endian");

constexpr std::size_t kMaxElements = std::size_t{1} << 27;

struct TypeFacts {
  const char* name;
  std::size_t bytes;
};
// In the order of TensorType.
constexpr std::array<TypeFacts, 11> kTypes = {{{"BOOL", 1},
                                               {"UINT8", 1},
                                               {"UINT16", 2},
                                               {"UINT32", 4},
                                               {"UINT64", 8},
                                               {"INT8", 1},
                                               {"INT16", 2},
                                               {"INT32", 4},
                                               {"INT64", 8},
                                               {"FP32", 4},
                                               {"FP64", 8}}};

Error Misfit(const InputTensor& tensor, std::string message) {
  return {ErrorCode::kInvalidArgument, std::move(message), "", 0, fmt::format("inputs.{}", tensor.name.substr(0, 64))};
}

template <typename Element>
void CopyAs(std::string_view raw, double* out, std::size_t stride) {
  for (std::size_t i = 0; i < raw.size() / sizeof(Element); ++i) {
    Element element;
    std::memcpy(&element, raw.data() + i * sizeof(Element), sizeof(Element));
    out[i * stride] = static_cast<double>(element);
  }
}

void CopyRaw(const InputTensor& tensor, double* out, std::size_t stride) {
  switch (tensor.raw_type) {
    case TensorType::kBool:
    case TensorType::kUint8: return CopyAs<std::uint8_t>(tensor.raw, out, stride);
    case TensorType::kUint16: return CopyAs<std::uint16_t>(tensor.raw, out, stride);
    case TensorType::kUint32: return CopyAs<std::uint32_t>(tensor.raw, out, stride);
    case TensorType::kUint64: return CopyAs<std::uint64_t>(tensor.raw, out, stride);
    case TensorType::kInt8: return CopyAs<std::int8_t>(tensor.raw, out, stride);
    case TensorType::kInt16: return CopyAs<std::int16_t>(tensor.raw, out, stride);
    case TensorType::kInt32: return CopyAs<std::int32_t>(tensor.raw, out, stride);
    case TensorType::kInt64: return CopyAs<std::int64_t>(tensor.raw, out, stride);
    case TensorType::kFp32: return CopyAs<float>(tensor.raw, out, stride);
    case TensorType::kFp64: break;
  }
  if (stride != 1) return CopyAs<double>(tensor.raw, out, stride);
  if (!tensor.raw.empty()) std::memcpy(out, tensor.raw.data(), tensor.raw.size());
}

template <typename Integer>
bool IsOf(double number) {
  // The upper bound is the first double beyond the type, as 2^63 - 1 is none.
  const double beyond = std::ldexp(1.0, std::numeric_limits<Integer>::digits);
  return number == std::trunc(number) && number >= static_cast<double>(std::numeric_limits<Integer>::min()) &&
         number < beyond;
}

bool IsOfType(TensorType type, double number) {
  switch (type) {
    case TensorType::kBool: return number == 0 || number == 1;
    case TensorType::kUint8: return IsOf<std::uint8_t>(number);
    case TensorType::kUint16: return IsOf<std::uint16_t>(number);
    case TensorType::kUint32: return IsOf<std::uint32_t>(number);
    case TensorType::kUint64: return IsOf<std::uint64_t>(number);
    case TensorType::kInt8: return IsOf<std::int8_t>(number);
    case TensorType::kInt16: return IsOf<std::int16_t>(number);
    case TensorType::kInt32: return IsOf<std::int32_t>(number);
    case TensorType::kInt64: return IsOf<std::int64_t>(number);
    case TensorType::kFp32: return std::isnan(number) || std::abs(number) <= std::numeric_limits<float>::max();
    case TensorType::kFp64: return true;
  }
  return false;
}

// What a reader of the type would have made of the text.
double Rounded(TensorType type, double number) {
  return type == TensorType::kFp32 ? static_cast<double>(static_cast<float>(number)) : number;
}

}  // namespace

const char* TensorTypeName(TensorType type) { return kTypes[static_cast<std::size_t>(type)].name; }
std::size_t TensorTypeSize(TensorType type) { return kTypes[static_cast<std::size_t>(type)].bytes; }

Result<TensorType> ParseTensorType(std::string_view name) {
  std::string known;
  for (std::size_t i = 0; i < kTypes.size(); ++i) {
    if (name == kTypes[i].name) return static_cast<TensorType>(i);
    known += (i > 0 ? ", " : "") + std::string(kTypes[i].name);
  }
  return Error{ErrorCode::kInvalidArgument, fmt::format("must be one of {}, is {}", known, name.substr(0, 64)), "", 0,
               "datatype"};
}

Result<std::size_t> ElementCount(const InputTensor& tensor) {
  if (tensor.shape.size() > kMaxRank) return Misfit(tensor, fmt::format("may have at most {} dimensions", kMaxRank));
  std::size_t count = 1;
  for (const std::int64_t dimension : tensor.shape) {
    if (dimension < 0) return Misfit(tensor, fmt::format("the shape holds {}, a size is never negative", dimension));
    const auto size = static_cast<std::size_t>(dimension);
    if (size > kMaxElements || count * size > kMaxElements) {
      return Misfit(tensor, fmt::format("may hold at most {} elements", kMaxElements));
    }
    count *= size;
  }
  return count;
}

Status CheckElements(const InputTensor& tensor) {
  HONE_ASSIGN_OR_RETURN(const std::size_t wanted, ElementCount(tensor));
  const std::size_t bytes = TensorTypeSize(tensor.raw_type);
  if (tensor.is_raw && tensor.raw.size() != wanted * bytes) {
    return Misfit(tensor, fmt::format("its shape announces {} elements, {} bytes, but it has {}", wanted,
                                      wanted * bytes, tensor.raw.size()));
  }
  if (!tensor.is_raw && tensor.numbers.size() != wanted) {
    return Misfit(tensor,
                  fmt::format("its shape announces {} elements, but data holds {}", wanted, tensor.numbers.size()));
  }
  return OkStatus();
}

Status CopyElements(const InputTensor& tensor, double* out, std::size_t stride) {
  if (tensor.is_raw) {
    CopyRaw(tensor, out, stride);
    return OkStatus();
  }
  for (std::size_t i = 0; i < tensor.numbers.size(); ++i) {
    if (!IsOfType(tensor.type, tensor.numbers[i])) {
      return Misfit(tensor, fmt::format("data[{}] is {}, no {}", i, tensor.numbers[i], TensorTypeName(tensor.type)));
    }
    out[i * stride] = Rounded(tensor.type, tensor.numbers[i]);
  }
  return OkStatus();
}

}  // namespace hone
