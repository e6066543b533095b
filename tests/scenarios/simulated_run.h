// One seed of a simulation: the improvement loop itself, its training service and journal scripted by the scenario.
#pragma once

#include <cstdint>

#include "facts.h"
#include "scenario.h"

namespace hone {

Facts RunSimulation(const Scenario& scenario, std::uint64_t seed);

}  // namespace hone
