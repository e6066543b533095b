// The verbs of `hone features` that ask models: importance, generate.
#pragma once

#include "hone/command_line.h"

namespace hone {

void AddFeatureImportanceVerb(Command noun);
void AddFeatureGenerateVerb(Command noun);

}  // namespace hone
