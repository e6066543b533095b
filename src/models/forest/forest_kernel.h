// The ways a forest can be evaluated, of which all give the same bits.
#pragma once

#include <cstdint>
#include <string_view>

namespace hone {

struct Kernel;

// From the plainest to the fastest. A forest that a kernel has no form for is evaluated by the next plainer one that
// has.
enum class ForestKernel : std::uint8_t {
  kWalk,      // node by node: any forest
  kLockstep,  // nodes of doubles, eight at a time (lockstep_forest.h)
  kPortable,  // ranks in bytes: many rows selected together, one row in lockstep
  kAvx2,      // ranks in bytes: one row in blocks too, up to 64 slots
  kAvx512,    // the same with VBMI, up to 256 slots
};

std::string_view NameOf(ForestKernel kernel);

// The fastest that this processor runs.
ForestKernel BestForestKernel();

// Its loops over bytes; null for kWalk and kLockstep. `kernel` is not above BestForestKernel().
const Kernel* LoopsOf(ForestKernel kernel);

}  // namespace hone
