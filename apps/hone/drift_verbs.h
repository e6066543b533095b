// The verbs of `hone drift`, one file each.
#pragma once

#include "hone/commands.h"

namespace hone {

void AddDriftCheckVerb(Command drift);
void AddDriftEventsVerb(Command drift);
void AddDriftWatchVerb(Command drift);

}  // namespace hone
