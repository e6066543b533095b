// Gradient-boosted trees (Friedman, 2001) by LightGBM (Ke et al., 2017), through its C API.
//
// Parameters, default and range:
//   trees 60 [1, 100]               learning_rate 0.08 (0, 1]          leaves 8 [2, 256]
//   min_leaf_rows 20 [1, 1e6]       max_bin 63 [2, 255]                lambda_l2 0 [0, 1e6]
//   max_depth 0 [0, 64], 0: no limit
//   feature_fraction 1 (0, 1]       bagging_fraction 1 (0, 1]: a new draw of rows for each tree when below 1
//   early_stopping_fraction 0 [0, 0.5]: the newest fraction of rows is held out, purged (early_stopping.h);
//     of all prefixes of the trees the one with the least loss on the held-out rows is kept
//   refit 0 or 1: after early stopping, fit again on all rows with that number of trees
//   classes 0 [0, 100], of multiclass; 0: the greatest label + 1
// Every objective (objective.h). Always: one thread, deterministic, row-wise histograms, silent, the given seed.
//
// Format "lightgbm" (its text, without the list of parameters). Safe from several threads at once, with the same bytes.
#pragma once

#ifdef HONE_HAVE_LIGHTGBM

#include "learning/learner.h"

namespace hone {

const Learner& LightGbmLearner();

}  // namespace hone

#endif
