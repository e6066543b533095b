// Acts of an operator in a folder that no server has.
#pragma once

#include <functional>
#include <string>

#include "base/result.h"
#include "engine/live_engine.h"

namespace hone {

// Carried out by the engine as a server would, under `policy`. kConflict, with what to do instead, where a server has
// the folder.
Status ActInFolder(const std::string& directory, const Policy& policy,
                   const std::function<Status(LiveEngine& core)>& act);

}  // namespace hone
