// The nodes of an ONNX tree ensemble in one form, whichever operator has them.
//
// TreeEnsembleRegressor and TreeEnsembleClassifier list nodes and leaves together, by ids of tree and node;
// TreeEnsemble (of ai.onnx.ml 5) lists them apart, by place. Sets of BRANCH_MEMBER, and chains of BRANCH_EQ that older
// converters write in their stead, become one set.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "models/onnx/attributes.h"

namespace hone {

enum class OnnxMode : std::uint8_t { kLessEqual, kLess, kGreaterEqual, kGreater, kEqual, kUnequal, kMember, kLeaf };

// What one leaf adds to one output.
struct OnnxWeight {
  std::size_t target = 0;
  double value = 0;
};

struct OnnxTreeNode {
  OnnxMode mode = OnnxMode::kLeaf;
  bool nan_is_true = false;
  bool truncated = false;  // of kMember: a value is cut to an integer before it is looked up
  std::uint32_t feature = 0;
  double value = 0;  // what is compared with; of a leaf: its value where it has no weight
  std::size_t on_true = 0, on_false = 0;
  std::size_t begin = 0, end = 0;  // of kMember: in OnnxNodes::members; of a leaf: in OnnxNodes::weights
};

struct OnnxNodes {
  std::vector<OnnxTreeNode> nodes;  // children are in range; cycles are possible
  std::vector<std::size_t> roots;   // of the trees in order
  std::vector<double> members;
  std::vector<OnnxWeight> weights;  // targets are below `targets`, where that is above 1
  std::size_t targets = 1;
  bool chains = false;  // ONNX Runtime takes chains of equal tests for sets
};

// Which outputs, and how their weights are called.
struct OnnxTargets {
  std::size_t count = 1;
  std::string_view prefix = "target";  // of target_ids, …
};

// Numbers are float or double as the ensemble reads its rows. `width`: columns of a row, or 0 for any.
Result<OnnxNodes> ReadOnnxNodes(const OnnxAttributes& attributes, OnnxType numbers, OnnxTargets targets);
Result<OnnxNodes> ReadOnnxNodesOfVersion5(const OnnxAttributes& attributes, OnnxType numbers, std::size_t targets);

// The numbers of `name`, floats, or of `name`_as_tensor, a tensor of `numbers`; not of both.
Result<std::vector<double>> OnnxNumbers(const OnnxAttributes& attributes, const std::string& name, OnnxType numbers);

}  // namespace hone
