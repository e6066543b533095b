// Divisions of integers that ONNX Runtime would carry out whatever the divisor is.
//
// A processor ends the process on a division of integers by zero (and of the smallest one by -1), and ONNX Runtime's
// Div and Mod do not look. Their divisors may come from a row, so such graphs are refused; by constants above zero they
// are not.
#pragma once

#ifdef HONE_HAVE_ONNXRUNTIME

#include <string_view>

#include "base/result.h"
#include "models/onnx_runtime/library.h"

namespace hone {

// kInvalidData naming the result of the operator. The element types are those ONNX Runtime infers, asked without
// running or folding anything; in subgraphs and functions, which it does not tell of, every Div and Mod counts. `bytes`
// is sound protobuf (CheckHoldsItsWeights).
Status CheckDivisions(const OnnxRuntime& runtime, std::string_view bytes, std::string_view source);

}  // namespace hone

#endif
