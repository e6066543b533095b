// A tree ensemble that answers fast, with margins bit-equal to the library that trained it.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "models/forest/forest_kernel.h"
#include "models/forest/tree.h"
#include "models/model.h"

namespace hone {

// Immutable, thread-safe; no call allocates or locks. Margins are the sums of leaves, before average and link.
class ForestModel : public Model {
 public:
  // The margin of a forest with one output.
  virtual double PredictMargin(std::span<const double> row) const noexcept = 0;
  // The trees it was made from.
  virtual const Forest& forest() const noexcept = 0;
  // Which paths answer, in words, e.g. "avx512: one row in blocks, many by selection".
  virtual std::string kernel() const = 0;
};

// Forests are compiled (compiled_forest.h); those of least or greatest leaves, or of enormous size, are walked node by
// node. `kernel`, not above BestForestKernel(), is for tests and benchmarks: used wherever it has a form for the
// forest. Without it the best one is used where it pays, and large batches go to a GPU where a program has installed
// one (forest_accelerator.h). All give the same bits.
//
// `forest` must be sound: child numbers in range and acyclic, features < width, at most Forest::kMaxOutputs outputs,
// those of trees in range (readers check it).
std::shared_ptr<const ForestModel> MakeForestModel(Forest forest, std::optional<ForestKernel> kernel = std::nullopt);

// kernel() of a forest; "" of another model.
std::string KernelOf(const Model& model);

}  // namespace hone
