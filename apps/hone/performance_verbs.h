// The verbs of `hone performance` that have a file of their own.
#pragma once

#include "hone/commands.h"

namespace hone {

void AddPerformanceEstimateVerb(Command performance);
void AddPerformanceIntervalsVerb(Command performance);

}  // namespace hone
