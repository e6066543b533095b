// What the training of a forest says of its columns: how often they were split, and what that gained.
//
//   splits_j  splits of column j            XGBoost's "weight", LightGBM's "split"
//   gain_j    sum of the gains of those     XGBoost's "total_gain", LightGBM's "gain"
//
// Gains are in units of the objective's training loss. They favour columns with many values and say nothing about rows
// that were not learned from. LightGBM's files keep six digits of a gain.
#pragma once

#include <vector>

#include "base/result.h"
#include "models/forest/tree.h"

namespace hone {

struct SplitImportance {
  std::vector<double> splits, gain;  // one number a column; no gain where the file does not tell
};

// A tree whose leaves are vectors counts once. As in LightGBM, a split that gained nothing there (forced ones) is none.
SplitImportance SplitImportanceOf(const Forest& forest);

}  // namespace hone
