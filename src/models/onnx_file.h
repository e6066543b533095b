// Reads any ONNX file that takes and answers numbers: a tree ensemble into hone's own forest (forest/onnx_reader.h),
// everything else for ONNX Runtime (onnx_runtime/onnx_graph.h). Both say how a row and an answer lie.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "models/model.h"

namespace hone {

struct OnnxFile {
  ModelPointer model;
  std::vector<std::string> features;  // names of the columns in order; empty where the file gives none
};

// `source` names the file in errors, which are those of the two readers.
Result<OnnxFile> ReadOnnxFile(std::string_view bytes, std::string_view source);

}  // namespace hone
