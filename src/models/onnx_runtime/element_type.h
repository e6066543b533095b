// The element types of tensors whose values are plain numbers.
#pragma once

#ifdef HONE_HAVE_ONNXRUNTIME

#include <onnxruntime_c_api.h>

#include <cstdint>

namespace hone {

// Calls `visit` with a value of the C++ type; false, and no call, for text, complex numbers and the small floats.
template <typename Visit>
bool VisitElementType(ONNXTensorElementDataType type, const Visit& visit) {
  switch (type) {
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT: visit(float{}); return true;
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_DOUBLE: visit(double{}); return true;
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_BOOL: visit(bool{}); return true;
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT8: visit(std::int8_t{}); return true;
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT16: visit(std::int16_t{}); return true;
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT32: visit(std::int32_t{}); return true;
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT64: visit(std::int64_t{}); return true;
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT8: visit(std::uint8_t{}); return true;
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT16: visit(std::uint16_t{}); return true;
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT32: visit(std::uint32_t{}); return true;
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT64: visit(std::uint64_t{}); return true;
    default: return false;
  }
}

inline bool IsReal(ONNXTensorElementDataType type) {
  return type == ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT || type == ONNX_TENSOR_ELEMENT_DATA_TYPE_DOUBLE;
}

}  // namespace hone

#endif
