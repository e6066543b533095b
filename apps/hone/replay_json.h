// A replay's result as the JSON scripts rely on.
#pragma once

#include <string>

#include "engine/replay.h"

namespace hone {

// {"data","model","seed","rows","from","to","policies":[...],"decisions":[...],"drift":[...]}; one line.
std::string ReplayJson(const ReplayResult& result);

}  // namespace hone
