// What each column contributed to a forest's margin for a row: exact SHAP values of trees (Lundberg et al. 2018,
// "Consistent individualized feature attribution for tree ensembles", arXiv 1802.03888, the path-dependent form, which
// is what XGBoost's pred_contribs and LightGBM's predict_contrib answer).
//
// A leaf's value v is reached by the columns of its path. Were column j known with probability t, and otherwise a row
// went with the training rows, it would pass its splits with z_j (1 - t) + o_j t: z_j the product, over the path's
// splits of that column, of the share of the training rows that took the same side, o_j 1 where the row does so too,
// else 0. The Shapley value is the multilinear extension's (Owen 1972)
//
//   phi_i = sum over leaves of v (o_i - z_i) * integral over t in [0, 1] of prod_{j != i} (z_j (1 - t) + o_j t) dt
//
// a polynomial of a degree below the number of columns on the path, which a few Gauss-Legendre nodes integrate exactly.
// Going down a tree multiplies the product at each node of the quadrature, coming up adds the leaves: a row costs
// O(splits * columns of a path) a tree.
//
// Contributions and bias add up to the margin. Errors beside the libraries: theirs are floats (XGBoost), ours doubles.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "base/result.h"
#include "models/forest/forest.h"
#include "models/forest/gauss_legendre.h"

namespace hone {

// Immutable, thread-safe.
class ForestContributions {
 public:
  // Splits on one path.
  static constexpr std::size_t kMaxDepth = 512;

  // Errors (kInvalidArgument): a forest that does not tell what its training rows did (TreeTraining), has linear
  // leaves, does not add its leaves up, or is deeper. kCorrupt: a cover below 0 or not finite.
  static Result<ForestContributions> Make(std::shared_ptr<const ForestModel> model);

  std::size_t width() const { return forest().width; }
  std::size_t outputs() const { return forest().outputs(); }
  // row.size() == width(); out.size() == outputs() * (width() + 1): for each output its columns, then the bias.
  void Explain(std::span<const double> row, std::span<double> out) const;

 private:
  ForestContributions(std::shared_ptr<const ForestModel> model, std::size_t depth);
  const Forest& forest() const { return model_->forest(); }

  std::shared_ptr<const ForestModel> model_;
  std::size_t depth_;  // most splits on a path
  Quadrature rule_;
  std::vector<double> bias_;  // of each output: what it starts from, and the mean leaf of each of its trees
};

}  // namespace hone
