// Reads an ONNX model that is one tree ensemble into a forest: TreeEnsembleRegressor and TreeEnsembleClassifier of
// ai.onnx.ml 1 and 3, in float and double (…_as_tensor), and TreeEnsemble of ai.onnx.ml 5, with every node mode,
// aggregate function and post_transform, beside operators that change no number (onnx/tree_graph.h).
//
// The answers are ONNX Runtime's (of 1.24). PredictMargins gives the scores before the post_transform, to the bit (with
// AVERAGE the sums, before the division), PredictAll the scores, at most 2 units in the last place of a float beside
// them; a classifier answers one number per class, its label is left out. Sums are taken in the order of the trees in
// the file, from 0, base_values last, as ONNX Runtime does with one thread (intra_op_num_threads = 1), whatever the
// batch. With more threads it sums large batches, and single rows of many trees, in parts, as many as it has threads,
// so that its own answers move in their last bits.
//
// Where ONNX Runtime departs from ONNX the answers are ONNX Runtime's:
//   regressors of one target     every post_transform but PROBIT is left out
//   two classes, weights of one  the first number follows from the second (Link::kComplement, kOpposite, kSigmoidPair)
//   two classes, two base_values base_values[1] and the sums of class 0 make both numbers
//   BRANCH_MEMBER                a set that is not all within 0 to 30 has a value cut to an integer looked up
//   TreeEnsemble                 post_transform 1 is LOGISTIC and 2 SOFTMAX; a tree of one leaf has leaf tree_roots[i]
//
// The file is outside input. Limits: onnx/onnx_model.h, 65,536 columns, Forest::kMaxOutputs outputs, 2^23 nodes, and
// 2^24 (and about 8 times what the file lists) once leaves of several weights and shared branches are taken apart.
// Errors are kCorrupt with operator and attribute: duplicate ids, children that there are not, circles, NaN to compare
// with, weights that are not finite, attributes that the operator has not in the model's version.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "models/forest/forest.h"

namespace hone {

// What a sound ONNX file is: a forest, or something `other`, in words that go on from "it is ONNX, but ": "not a tree
// ensemble: its operator Gemm \"g\" is not of a tree ensemble".
struct OnnxReading {
  std::optional<Forest> forest;
  std::string other;  // empty where there is a forest
};

Result<OnnxReading> ReadOnnx(std::string_view bytes, std::string_view source);

// The forest; kInvalidData where the file is something other.
Result<Forest> ReadOnnxForest(std::string_view bytes, std::string_view source);

}  // namespace hone
