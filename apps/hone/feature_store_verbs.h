// The verbs of `hone features` that work on the registered features of a folder: register, backfill, join, latest,
// search, lineage, stats.
#pragma once

#include "hone/command_line.h"

namespace hone {

void AddFeatureStoreVerbs(Command noun);

}  // namespace hone
