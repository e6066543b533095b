// What a graph takes and answers, as rows of numbers.
//
// A row is the elements of all inputs one after the other, in the graph's order, each row-major, without the batch
// dimension (a leading dimension of open size). An input whose dimensions are all stated is one row as it stands.
#pragma once

#ifdef HONE_HAVE_ONNXRUNTIME

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "models/onnx_runtime/library.h"

namespace hone {

struct GraphInput {
  std::string name;
  ONNXTensorElementDataType type = ONNX_TENSOR_ELEMENT_DATA_TYPE_UNDEFINED;
  std::vector<std::int64_t> shape;  // -1 first: the batch dimension
  std::size_t numbers = 0;          // of one row

  bool batched() const { return !shape.empty() && shape.front() < 0; }
};

struct GraphOutput {
  std::string name;
  ONNXTensorElementDataType type = ONNX_TENSOR_ELEMENT_DATA_TYPE_UNDEFINED;
  bool maps = false;        // a sequence of maps from class to number, one for each row (ZipMap)
  std::size_t numbers = 0;  // of one row where the graph states its shape, else 0
};

struct GraphSignature {
  std::vector<GraphInput> inputs;
  std::vector<GraphOutput> outputs;  // those that are the prediction

  std::size_t width() const;
  // Whether every input has a batch dimension.
  bool batched() const;
  // The inputs' names where there are several of one number each, else none.
  std::vector<std::string> FeatureNames() const;
};

// The prediction is every output of floats or doubles, maps of them included, in the graph's order; so of a classifier
// it is the probabilities, not the label. Only where there is none is it the outputs of integers. kInvalidData naming
// the file and the input or output, and what would be right: text or another type that is not numbers, an input whose
// number of features is open, more than 65,536 numbers a row, no output of numbers.
Result<GraphSignature> ReadSignature(const OnnxRuntime& runtime, const OrtSession& session, std::string_view source);

// Every output, whatever its type; `numbers` is above 65,536 where there are too many.
Result<std::vector<GraphOutput>> ReadAllOutputs(const OnnxRuntime& runtime, const OrtSession& session,
                                                std::string_view source);

}  // namespace hone

#endif
