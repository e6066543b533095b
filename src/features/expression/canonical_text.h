// The one text of an expression: parentheses only where they are needed, one blank around operators and after commas,
// constants folded and in the fewest digits, names in lower case, x[n] and diff written with lag, definitions of others
// written out. Read again it is the same expression, with the same hash.
#pragma once

#include <string>

#include "base/result.h"
#include "features/expression/graph.h"

namespace hone {

// Errors: a text longer than kMostCanonicalBytes (kInvalidArgument); parts that are shared are written each time.
Result<std::string> CanonicalText(const ExpressionGraph& graph, Slot slot);

}  // namespace hone
