// What was stored after a checkpoint, given to the loop that was restored from it.
#pragma once

#include <map>
#include <span>

#include "base/time.h"
#include "engine/improvement_loop.h"
#include "outcomes/joined_reader.h"

namespace hone {

// Serves `rows`, by id, to `loop` again, and tells it each outcome where it became mature (at its own time, and not
// before `horizon` after its prediction): all predictions first would make rows look overdue whose outcome is known.
// Rows the loop has consumed are passed over. Gives the outcomes that were not mature by the last prediction, by the
// time they are.
std::multimap<Time, Outcome> ReplayTail(ImprovementLoop& loop, std::span<const JoinedPrediction> rows,
                                        Duration horizon);

}  // namespace hone
