// One tree of an XGBoost model file: arrays over its nodes, of which 0 is the root.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/result.h"
#include "models/forest/tree.h"
#include "models/formats/document.h"

namespace hone {

// What the trees of one file have in common, and what they may still use.
struct XgboostTrees {
  std::size_t width = 0;                              // columns
  std::size_t outputs = 1;                            // of the model
  bool beyond_default = false;                        // Split::beyond_default
  std::size_t category_words = std::size_t{1} << 26;  // left for category sets
  std::size_t vector_leaves = std::size_t{1} << 26;   // left for leaves of several outputs
};

// Appends the tree to `trees`, each leaf times `weight` in float. A tree of vector leaves becomes one tree per output,
// all with the same splits; any other adds to `output`.
Status AppendXgboostTree(const DocumentValue& tree, std::uint32_t output, float weight, XgboostTrees& shared,
                         std::vector<Tree>& trees);

}  // namespace hone
