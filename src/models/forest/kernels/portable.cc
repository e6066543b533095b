// Any processor: what every machine of the architecture has (SSE2, NEON), through vectors of the compiler.
#include "models/forest/kernels/loops.h"

namespace hone {
namespace {

struct Portable {
  using Bytes = std::uint8_t __attribute__((vector_size(16)));
  using Words = std::uint32_t __attribute__((vector_size(16)));

  static std::size_t Passed(const CutBlock& block, double value) {
    std::size_t passed = 0;
    for (std::size_t step = kCutsPerBlock / 2; step > 0; step /= 2) {
      passed += step * static_cast<std::size_t>(!(value <= block.cuts[passed + step - 1]));
    }
    return passed;
  }
};

}  // namespace

const Kernel kPortableKernel = {
    .rank_row = RankRow<Portable>,
    .rank_slot = RankSlot<Portable>,
    .select = Select<Portable>,
    .add_floats = AddLeaves<Portable, float>,
    .add_doubles = AddLeaves<Portable, double>,
    .select_leaves = 128,
    .slots_for_tree = 0.25,
    .batch_slots_for_tree = 0.25,
    .exits = nullptr,
    .block_slots = 0,
};

}  // namespace hone
