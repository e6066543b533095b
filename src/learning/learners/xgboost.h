// Gradient-boosted trees (Friedman, 2001) by XGBoost (Chen and Guestrin, 2016), through its C API.
//
// Parameters, default and range, named as the lightgbm learner's where they mean the same:
//   trees 60 [1, 100]: rounds       learning_rate 0.08 (0, 1]          max_depth 3 [1, 16]
//   min_child_weight 20 [0, 1e6]: sum of hessians of a leaf; its rows in regression
//   max_bin 63 [2, 255]             lambda_l2 1 [0, 1e6]
//   feature_fraction 1 (0, 1], of each tree             bagging_fraction 1 (0, 1], of the rows, drawn for each tree
//   early_stopping_fraction 0 [0, 0.5]: the newest fraction of rows is held out, purged (early_stopping.h);
//     of all prefixes of the trees the one with the least loss on the held-out rows is kept
//   refit 0 or 1: after early stopping, fit again on all rows with that number of trees
//   classes 0 [0, 100], of multiclass; 0: the greatest label + 1
// Every objective (objective.h): reg:squarederror, binary:logistic, multi:softprob. Always: one thread, histograms,
// silent, the given seed. Labels and features must fit a float, in which XGBoost computes.
//
// Format "xgboost" (its UBJSON). Safe from several threads at once, with the same bytes.
#pragma once

#ifdef HONE_HAVE_XGBOOST

#include "learning/learner.h"

namespace hone {

const Learner& XgboostLearner();

}  // namespace hone

#endif
