// The verbs of `hone drift`, one file each.
#pragma once

#include "hone/commands.h"

namespace hone {

void AddDriftCheckVerb(CLI::App& drift, Commands& commands, int& exit_code);
void AddDriftWatchVerb(CLI::App& drift, Commands& commands, int& exit_code);

}  // namespace hone
