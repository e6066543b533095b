// The verbs of `hone drift`, one file each.
#pragma once

#include "hone/commands.h"

namespace hone {

void AddDriftWatch(CLI::App& drift, Commands& commands, int& exit_code);

}  // namespace hone
