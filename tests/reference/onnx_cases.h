// The test cases that ONNX publishes for its operators, as models of rows: `model.onnx`, and in `test_data_set_*` the
// tensors it takes and answers (`input_0.pb`..., `output_0.pb`..., TensorProto of onnx.proto).
#pragma once

#include <string>
#include <vector>

namespace hone {

struct OnnxCase {
  enum class Outcome { kEqual, kDifferent, kRefused };
  std::string name;  // of its folder
  Outcome outcome = Outcome::kRefused;
  std::string detail;  // why it is refused, or the first number that differs
};

// Every case in the folders of `folder`, in the order of their names. A row is all inputs' elements one after the
// other; it is equal when each number of the answer is within 1e-3 relative and 1e-7 absolute, the tolerance of ONNX's
// own runner.
std::vector<OnnxCase> RunOnnxCases(const std::string& folder);

}  // namespace hone
