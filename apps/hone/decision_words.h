// The word a trader would use for a decision: the same in the table, the timeline and the report.
#pragma once

#include "records/decision.h"

namespace hone {

// "activated", "retrained", "refused", "in shadow", "canary", "promoted", "rolled back", "licence", "licence lost",
// "frozen", "in A/B test", "A/B test ended", "alert"
const char* DecisionWord(DecisionKind kind);

}  // namespace hone
