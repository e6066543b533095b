// A forest's trees as the plain data that a GPU takes (gpu/flat_forest.h).
#pragma once

#include "base/result.h"
#include "gpu/flat_forest.h"
#include "models/forest/tree.h"

namespace hone {

// `Real`: the precision of the forest's dialect. Its leaves, added as the block of the kernel adds them, give the bits
// of ForestModel::PredictMargins. kInvalidArgument says why a forest is left to the processor: categorical splits,
// linear leaves, more than kFlatMaxSlots slots, a tree of more than kFlatMaxTreeNodes nodes, 2^32 nodes or more.
template <typename Real>
Result<FlatForest<Real>> FlattenForest(const Forest& forest);

}  // namespace hone
