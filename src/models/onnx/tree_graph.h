// Which ONNX graphs are one tree ensemble: one operator TreeEnsembleRegressor, TreeEnsembleClassifier or TreeEnsemble
// that reads the graph's input, and beside it only what changes no number:
//   before it   Identity, and Cast to float or double of an input that may be float, double, int32 or int64
//   after it    Identity, ZipMap and Cast of the scores to float or double; anything of these on a classifier's labels
// Its answer is the scores; a classifier's labels, an output of their own, are left out.
#pragma once

#include <cstddef>
#include <string>

#include "models/onnx/onnx_model.h"

namespace hone {

struct TreeGraph {
  const OnnxNode* ensemble = nullptr;  // null: the graph is something else, `reason` says what
  std::string reason;
  bool in_double = false;      // what the ensemble reads: double; else float, or integers that it compares in float
  bool float_answers = false;  // the scores are cast to float
  std::size_t columns = 0;     // of a row; 0 where the graph does not say
};

// `model` outlives the answer.
TreeGraph FindTreeGraph(const OnnxModel& model);

}  // namespace hone
