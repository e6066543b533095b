// Any ONNX graph that takes and answers numbers, run by ONNX Runtime.
//
// A row of features is the elements of the graph's inputs one after the other; NaN is missing, as the graph sees it. An
// input of integers that gets a missing value, a fraction or a number out of its range makes that row's answer NaN. The
// answer is all outputs of floats or doubles, in the graph's order: of a classifier its probabilities in the order of
// its classes, not its label (graph_signature.h).
//
// Where the graph takes batches, rows run 256 at a time, if two rows together are answered as each alone at reading;
// else one by one. ONNX Runtime adds a matrix product in an order that depends on the number of rows: a row's answer in
// a batch and alone may differ in the last digits, the same batch is answered by the same bits. It allocates and may
// lock while it predicts. A row that ONNX Runtime fails on is answered NaN, and logged the first time.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "models/model.h"

namespace hone {

struct OnnxGraph {
  ModelPointer model;
  std::vector<std::string> features;  // the inputs' names where there are several of one number each; else empty
};

// `bytes`: an ONNX file; `source` names it in errors. Tries the providers in their order (onnx_runtime_status.h).
// kInvalidData for what is no graph of numbers, is not sound, keeps weights in other files, has operators that ONNX
// Runtime does not know (custom operators are not loaded), or has not answered rows of zeros and ones within `limit`,
// as a graph that loops without end: it is stopped between two operators. TensorRT, which builds engines then, has ten
// minutes at least. kUnavailable where ONNX Runtime cannot be opened.
Result<OnnxGraph> ReadOnnxGraph(std::string_view bytes, std::string_view source, Duration limit = 10 * kSecond);

}  // namespace hone
