// Loops that the instruction sets share. Each file passes a type of its own, so that nothing is shared by the linker.
#pragma once

#include "models/forest/kernels/kernel.h"

namespace hone {

// Isa::Passed(block, value): for how many of the first kCutsPerBlock - 1 cuts !(value <= cut).
template <typename Isa>
void RankRow(const RankTable& table, const double* values, std::uint8_t* ranks) {
  const RankTable at = table;  // which `ranks` might alias
  std::size_t i = 0;
  for (; i < at.long_begin; ++i) {
    ranks[i] = static_cast<std::uint8_t>(Isa::Passed(at.blocks[at.slots[i].begin], values[at.slots[i].source]));
  }
  for (; i < at.count; ++i) {
    const CutBlock* const blocks = at.blocks + at.slots[i].begin;
    const double value = values[at.slots[i].source];
    const std::size_t block = Isa::Passed(blocks[0], value);
    ranks[i] = static_cast<std::uint8_t>(block * kCutsPerBlock + Isa::Passed(blocks[1 + block], value));
  }
}

template <typename Isa>
void RankSlot(const RankTable& table, std::size_t slot, const double* values, std::uint8_t* ranks) {
  const CutBlock* const blocks = table.blocks + table.slots[slot].begin;
  const CutBlock first = blocks[0];  // in registers, which `ranks` cannot alias
  if (slot < table.long_begin) {
    for (std::size_t i = 0; i < kRowsTogether; ++i) {
      ranks[i] = static_cast<std::uint8_t>(Isa::Passed(first, values[i]));
    }
    return;
  }
  for (std::size_t i = 0; i < kRowsTogether; ++i) {
    const std::size_t block = Isa::Passed(first, values[i]);
    ranks[i] = static_cast<std::uint8_t>(block * kCutsPerBlock + Isa::Passed(blocks[1 + block], values[i]));
  }
}

// Of ranks that were found among rounded cuts, those whose value equals one: bit i of `equal` for rank i.
template <typename Isa>
void CompareExactly(std::uint32_t equal, const CutBlock* cuts, const double* values, std::uint8_t* ranks) {
  for (; equal != 0; equal &= equal - 1) {
    const int i = __builtin_ctz(equal);
    const double cut = cuts[ranks[i] / kCutsPerBlock].cuts[ranks[i] % kCutsPerBlock];
    ranks[i] = static_cast<std::uint8_t>(ranks[i] + static_cast<unsigned>(values[i] > cut));
  }
}

template <typename Isa, int kLevels>
void SearchLevels(const RankTable& table, std::size_t slot, const double* values, std::uint8_t* ranks) {
  const SlotSearch search = table.searches[slot];
  const FloatBlock* const tree = table.trees + search.begin;
  if (search.has_floats) return Isa::template SearchTree<kLevels, true>(tree, nullptr, values, ranks);
  const CutBlock* const cuts = table.blocks + table.slots[slot].begin + (slot < table.long_begin ? 0 : 1);
  Isa::template SearchTree<kLevels, false>(tree, cuts, values, ranks);
}

// Isa::SearchTree<levels, has_floats>(tree, cuts, values, ranks): ranks of kRowsTogether values.
template <typename Isa>
void SearchSlot(const RankTable& table, std::size_t slot, const double* values, std::uint8_t* ranks) {
  switch (table.searches[slot].levels) {
    case 4: return SearchLevels<Isa, 4>(table, slot, values, ranks);
    case 5: return SearchLevels<Isa, 5>(table, slot, values, ranks);
    case 6: return SearchLevels<Isa, 6>(table, slot, values, ranks);
    case 7: return SearchLevels<Isa, 7>(table, slot, values, ranks);
    case 8: return SearchLevels<Isa, 8>(table, slot, values, ranks);
    default: return RankSlot<Isa>(table, slot, values, ranks);
  }
}

// Of kRowsTogether rows, the sizeof(Isa::Bytes) from `at` on.
template <typename Isa>
struct Selection {
  using Bytes = typename Isa::Bytes;  // a vector of bytes; Isa::Words: of 32 bits, as long

  const std::uint8_t* ranks;
  std::size_t at;

  static Bytes Load(const std::uint8_t* from) {
    Bytes bytes;
    __builtin_memcpy(&bytes, from, sizeof(Bytes));
    return bytes;
  }
  static Bytes Spread(std::uint32_t four) {
    return (Bytes)(typename Isa::Words{} + four);
  }
  Bytes Join(std::uint32_t cut, std::uint16_t of, Bytes left, Bytes right) const {
    return Load(ranks + of + at) > Spread(cut) ? right : left;
  }
  Bytes Group1(const SelectTest* test) const {
    // A comparison that holds is -1.
    return Spread(test->leaf) - (Bytes)(Load(ranks + test->ranks + at) > Spread(test->cut));
  }
  Bytes Group3(const SelectTest* tests) const {
    return Join(tests[2].cut, tests[2].ranks, Group1(tests), Group1(tests + 1));
  }
  Bytes Group7(const SelectTest* tests) const {
    return Join(tests[6].cut, tests[6].ranks, Group3(tests), Group3(tests + 3));
  }
  static void Store(Bytes bytes, std::uint8_t* to) { __builtin_memcpy(to, &bytes, sizeof(Bytes)); }
};

template <typename Isa>
void Select(const SelectTree& tree, const std::uint8_t* ranks, const std::uint8_t* work, std::uint8_t* selected) {
  constexpr std::size_t kStep = sizeof(typename Isa::Bytes);
  const SelectTree of = tree;  // which `selected` might alias
  const SelectTest* test = of.tests;
  for (const SelectTest* const end = test + 7 * of.sevens; test != end; test += 7, selected += kRowsTogether) {
    for (std::size_t at = 0; at < kRowsTogether; at += kStep) {
      const Selection<Isa> some{ranks, at};
      some.Store(some.Group7(test), selected + at);
    }
  }
  for (const SelectTest* const end = test + 3 * of.threes; test != end; test += 3, selected += kRowsTogether) {
    for (std::size_t at = 0; at < kRowsTogether; at += kStep) {
      const Selection<Isa> some{ranks, at};
      some.Store(some.Group3(test), selected + at);
    }
  }
  for (const SelectTest* const end = test + of.ones; test != end; ++test, selected += kRowsTogether) {
    for (std::size_t at = 0; at < kRowsTogether; at += kStep) {
      const Selection<Isa> some{ranks, at};
      some.Store(some.Group1(test), selected + at);
    }
  }
  for (std::size_t i = 0; i < of.joins_count; ++i, selected += kRowsTogether) {
    const SelectJoin join = of.joins[i];
    for (std::size_t at = 0; at < kRowsTogether; at += kStep) {
      const Selection<Isa> some{ranks, at};
      some.Store(some.Join(join.cut, join.ranks, some.Load(work + join.left + at), some.Load(work + join.right + at)),
                 selected + at);
    }
  }
}

template <typename Isa, typename Real>
void AddLeaves(const Real* leaves, std::size_t, const std::uint8_t* which, Real* sums) {
  for (std::size_t i = 0; i < kRowsTogether; ++i) sums[i] += leaves[which[i]];
}

}  // namespace hone
