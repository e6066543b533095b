// A replay's result as the JSON scripts rely on, and as the table people read.
#pragma once

#include <string>

#include "engine/replay.h"

namespace hone {

// {"data","model","seed","rows","from","to","policies":[...],"decisions":[...],"drift":[...]}; one line.
std::string ReplayJson(const ReplayResult& result);
// The comparison table and the timeline of decisions.
std::string ReplayTable(const ReplayResult& result);

}  // namespace hone
