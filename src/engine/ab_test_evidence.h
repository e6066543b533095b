// What an A/B test has shown so far, for the decisions that rest on it.
#pragma once

#include <nlohmann/json.hpp>

#include "base/result.h"
#include "engine/live_store.h"
#include "records/ab_test.h"

namespace hone {

// {"id","started","looked_at",
//  "arms":[{"version","share","answered","outcomes","mean_squared_error"}]}
// Of the newest 5,000 predictions of the model since the test began, `looked_at` of them: how many each arm answered,
// how many of those have an outcome, and the mean squared error of its answers to them (left out without outcomes).
// On the thread that owns the store.
Result<nlohmann::ordered_json> AbTestEvidence(LiveStore& store, const AbTest& test);

}  // namespace hone
