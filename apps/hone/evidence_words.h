// Decisions in words: what was done, why, and what every number of the evidence means.
#pragma once

#include <string>

#include "outcomes/joined_reader.h"
#include "records/decision.h"
#include "records/version_record.h"

namespace hone {

// Several lines: the act, its reason, the rule it follows, then each number of the evidence with its meaning.
std::string ExplainDecision(const Decision& decision);

// Several lines: who answered what, and what came of it.
std::string ExplainPrediction(const JoinedPrediction& row);

}  // namespace hone
