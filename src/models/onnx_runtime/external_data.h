// Whether an ONNX file holds all of its weights.
//
// ONNX may keep tensors in other files, which a path inside the file names; ONNX Runtime would open any such path. A
// version keeps the file alone, so such a file is refused before ONNX Runtime sees it. Fields are those of onnx.proto
// (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto).
#pragma once

#include <string_view>

#include "base/result.h"

namespace hone {

// kInvalidData when a tensor of the model, of any subgraph or function lies in another file (the message names it and
// says how to save the model in one), and when the bytes are not a sound protobuf message or graphs are nested more
// than 32 deep. Reads each byte at most once; `source` names the file in errors.
Status CheckHoldsItsWeights(std::string_view bytes, std::string_view source);

}  // namespace hone
