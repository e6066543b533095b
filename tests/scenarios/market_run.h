// One seed of a market scenario: the market is made, replayed under the policy, and what happened is kept.
#pragma once

#include <cstdint>

#include "facts.h"
#include "scenario.h"

namespace hone {

Facts RunMarket(const Scenario& scenario, std::uint64_t seed);

}  // namespace hone
