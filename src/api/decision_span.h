// A decision as a span: named by its kind, a moment long, with hone.decision_id, hone.model, hone.version (where there
// is one) and hone.reason. The evidence is found by the id.
#pragma once

#include "records/decision.h"
#include "wire/span.h"

namespace hone {

// All but its place in a trace.
Span DecisionSpan(const Decision& decision);

}  // namespace hone
