// The trees of an ONNX tree ensemble as those of a Forest.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "models/forest/onnx_nodes.h"
#include "models/forest/tree.h"

namespace hone {

// Which rows reach a leaf with a weight for an output.
enum class OnnxScored : std::uint8_t { kNever, kSometimes, kAlways };

struct OnnxTrees {
  // One tree of the file after the other; those of leaves with several weights become several, each with one weight a
  // leaf, in the order in which ONNX Runtime adds them. A leaf without a weight for the tree's output has `absent`.
  std::vector<Tree> trees;
  std::vector<OnnxScored> scored;  // one per output
  std::string unlike;              // why ONNX Runtime's answers cannot be told from the file; "" where they can
};

// `dialect`: an ONNX one. Errors name a tree that runs in circles, or whose branches share too much.
Result<OnnxTrees> BuildOnnxTrees(const OnnxAttributes& attributes, const OnnxNodes& nodes, Dialect dialect,
                                 double absent);

}  // namespace hone
