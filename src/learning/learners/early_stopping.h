// Early stopping on the newest rows: of all prefixes of the trees the one with the least loss on rows that were held
// out.
#pragma once

#include <cstddef>
#include <string>

#include "base/result.h"
#include "features/dataset.h"
#include "learning/objective.h"
#include "models/forest/tree.h"

namespace hone {

// Rows [0, learned) are learned from, rows [begin, all) are held out; those between are purged: their labels were open
// when the first held-out row was predicted.
struct HeldOut {
  std::size_t learned = 0;
  std::size_t begin = 0;
};

// Holds out the newest `fraction` of the rows, rounded up. kInvalidData, key "early_stopping_fraction", when fewer than
// kMinTrainingRows are left to learn from; `learner` is the error's source.
Result<HeldOut> HoldOutNewest(const std::string& learner, const Dataset& data, double fraction);

// The number of leading rounds, each of one tree per output, with the least loss of the objective on rows [begin, all),
// the first of equals; at least 1. Margins are summed in double.
int BestRounds(const Forest& forest, Objective objective, const Dataset& data, std::size_t begin);

}  // namespace hone
