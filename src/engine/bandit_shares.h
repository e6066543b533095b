// The shares of an A/B test that follow a bandit: learned anew, at each look, from the newest answers of the test and
// the outcomes that are known by then. Nothing but what the store has goes into them, so there is no state to lose.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "engine/live_store.h"
#include "records/ab_test.h"

namespace hone {

// kInvalidData says what does not fit: an algorithm that there is not or that needs a context, a floor outside
// [0.001, 1 / arms], rewards of no width, minutes outside [1, 525600].
Status CheckBandit(const AbBandit& bandit, std::size_t arms);

// The arms with the shares that the bandit gives them now, from the test's newest 5,000 predictions; a reward is minus
// the squared error, held within the bandit's limits. On the thread that owns the store.
Result<std::vector<AbArm>> BanditShares(LiveStore& store, const AbTest& test);

// The test with its shares looked at: as it is in the store from now on, another round where a share has changed by
// more than 0.01. Joins the caller's transaction.
Result<AbTest> LookAtShares(LiveStore& store, AbTest test, Time now);

}  // namespace hone
