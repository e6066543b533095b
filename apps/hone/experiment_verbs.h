// The verbs of `hone experiment` that have a file of their own.
#pragma once

#include "hone/commands.h"

namespace hone {

void AddExperimentEvaluateVerb(Command experiment);
void AddExperimentBanditVerb(Command experiment);
void AddExperimentLiveVerbs(Command experiment);

}  // namespace hone
