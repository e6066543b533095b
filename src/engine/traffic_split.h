// A/B tests: a person splits the live traffic of a model between its versions, and ends it, or says when it ends. What
// runs is a row of AbTestStore, what it draws is the snapshot's (serving/router.h); each start and end is a decision,
// the end with what the test has shown (ab_test_evidence.h). Of the models that hone trains as of others: live_model.h
// says what their loop does meanwhile. All of this joins the caller's transaction, on the thread that owns the store.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/id.h"
#include "base/result.h"
#include "base/time.h"
#include "engine/live_store.h"
#include "records/ab_test.h"

namespace hone {

// Splits the model's live traffic between versions from now on, in place of an A/B test that runs; with the active
// version alone it ends that. `arms`: 1 to 8. What runs then is returned. kNotFound
// for a version there is not; kConflict where none is active, the active one is not among them, one may not answer or
// takes other features; kInvalidData where a version stands twice, the shares are not 1 together or the bandit
// does not fit (CheckBandit in bandit_shares.h).
Result<std::optional<AbTest>> SplitTraffic(LiveStore& store, IdGenerator& ids, Time now, const std::string& model,
                                           std::vector<AbArm> arms, AbTestTerms terms = {});

// Ends the A/B test that runs, as a decision of its own, and gives what it has shown; null where none runs. `by`:
// "operator", "loop" or "deadline"; `because`: "an operator promoted 1.1.0".
Result<nlohmann::ordered_json> EndAbTest(LiveStore& store, IdGenerator& ids, Time now, const std::string& model,
                                         const char* by, const std::string& because);

}  // namespace hone
