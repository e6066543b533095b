// What became of the one refresh that a replay was told to sabotage: under hone's policy, and without any check.
#pragma once

#include <string>

#include "engine/replay.h"

namespace hone {

// A few lines: when each trained it, whether hone refused it or took it back, and what serving it cost, as the loss on
// the rows it answered beside the other's loss on the same rows. `result.sabotage` is set.
std::string SabotageStory(const ReplayResult& result);

}  // namespace hone
