#include "models/onnx_file.h"

#include <utility>

#include "models/forest/onnx_reader.h"
#include "models/onnx_runtime/onnx_graph.h"

namespace hone {

Result<OnnxFile> ReadOnnxFile(std::string_view bytes, std::string_view source) {
  HONE_ASSIGN_OR_RETURN(OnnxReading reading, ReadOnnx(bytes, source));
  if (reading.forest) {
    std::vector<std::string> features = reading.forest->names;
    return OnnxFile{MakeForestModel(*std::move(reading.forest)), std::move(features)};
  }
  Result<OnnxGraph> graph = ReadOnnxGraph(bytes, source);
  if (graph.ok()) return OnnxFile{std::move(graph->model), std::move(graph->features)};
  Error error = graph.error();
  error.message += " (it is ONNX, but " + reading.other + ")";
  return error;
}

}  // namespace hone
