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
  const std::uint8_t* work;
  std::size_t at;

  static Bytes Load(const std::uint8_t* from) {
    Bytes bytes;
    __builtin_memcpy(&bytes, from, sizeof(Bytes));
    return bytes;
  }
  static Bytes Spread(std::uint32_t four) { return (Bytes)(typename Isa::Words{} + four); }

  template <typename Test>
  auto Passed(const Test& test) const {
    return Load(ranks + test.ranks + at) > Spread(test.cut);
  }
  Bytes Lowest(const SelectTest& test) const { return Spread(test.leaf) - (Bytes)Passed(test); }  // passed is -1
  Bytes Lowest(const SelectJoin& test) const {
    return Passed(test) ? Load(work + test.right + at) : Load(work + test.left + at);
  }

  template <int kLevels, typename Test>
  Bytes Group(const Test* tests) const {
    if constexpr (kLevels == 1) {
      return Lowest(*tests);
    } else {
      constexpr int kBelow = (1 << (kLevels - 1)) - 1;
      const Bytes left = Group<kLevels - 1>(tests), right = Group<kLevels - 1>(tests + kBelow);
      return Passed(tests[2 * kBelow]) ? right : left;
    }
  }
};

template <typename Isa, int kLevels, typename Test>
const Test* SelectGroups(const Test* tests, std::size_t groups, const std::uint8_t* ranks, const std::uint8_t* work,
                         std::uint8_t* selected) {
  constexpr std::size_t kTests = (1 << kLevels) - 1;
  using Bytes = typename Isa::Bytes;
  for (std::size_t i = 0; i < groups; ++i, tests += kTests, selected += kRowsTogether) {
    for (std::size_t at = 0; at < kRowsTogether; at += sizeof(Bytes)) {
      const Bytes bytes = Selection<Isa>{ranks, work, at}.template Group<kLevels>(tests);
      __builtin_memcpy(selected + at, &bytes, sizeof(Bytes));
    }
  }
  return tests;
}

template <typename Isa, typename Test>
const Test* SelectInRun(SelectRun run, const Test* tests, const std::uint8_t* ranks, const std::uint8_t* work,
                        std::uint8_t* selected) {
  switch (run.levels) {
    case 1: return SelectGroups<Isa, 1>(tests, run.groups, ranks, work, selected);
    case 2: return SelectGroups<Isa, 2>(tests, run.groups, ranks, work, selected);
    default: return SelectGroups<Isa, 3>(tests, run.groups, ranks, work, selected);
  }
}

template <typename Isa>
void Select(const SelectTree& tree, const std::uint8_t* ranks, const std::uint8_t* work, std::uint8_t* selected) {
  const SelectTree of = tree;  // which `selected` might alias
  const SelectTest* tests = of.tests;
  const SelectJoin* joins = of.joins;
  for (std::size_t i = 0; i < of.count; ++i) {
    const SelectRun run = of.runs[i];
    if (i < kGroupLevels) {
      tests = SelectInRun<Isa>(run, tests, ranks, work, selected);
    } else {
      joins = SelectInRun<Isa>(run, joins, ranks, work, selected);
    }
    selected += run.groups * kRowsTogether;
  }
}

template <typename Isa, typename Real>
void AddLeaves(const Real* leaves, std::size_t, const std::uint8_t* which, Real* sums) {
  for (std::size_t i = 0; i < kRowsTogether; ++i) sums[i] += leaves[which[i]];
}

}  // namespace hone
