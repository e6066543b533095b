#include "api/decision_span.h"

namespace hone {

Span DecisionSpan(const Decision& decision) {
  Span span;
  span.name = DecisionKindName(decision.kind);
  span.begin = span.end = decision.time;
  span.Set("hone.decision_id", decision.id.ToString());
  span.Set("hone.model", decision.model);
  if (!decision.version.empty()) span.Set("hone.version", decision.version);
  span.Set("hone.reason", decision.reason);
  return span;
}

}  // namespace hone
