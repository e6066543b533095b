// Loops that the instruction sets share. Each file passes a type of its own, so that nothing is shared by the linker.
#pragma once

#include "models/forest/kernels/kernel.h"

namespace hone {

// Isa::Passed(cuts, value): how many of kCutsPerBlock cuts have !(value <= cut).
template <typename Isa>
std::uint8_t RankInShort(const double* cuts, double value) {
  return static_cast<std::uint8_t>(Isa::Passed(cuts, value));
}

template <typename Isa>
std::uint8_t RankInLong(const double* cuts, double value) {
  const std::size_t block = Isa::Passed(cuts, value) * kCutsPerBlock;
  const std::size_t rank = block + Isa::Passed(cuts + kCutsPerBlock + block, value);
  return static_cast<std::uint8_t>(rank < kMaxCuts ? rank : kMaxCuts);
}

template <typename Isa>
void RankRow(const RankTable& table, const double* values, std::uint8_t* ranks) {
  std::size_t i = 0;
  for (; i < table.long_begin; ++i) {
    ranks[i] = RankInShort<Isa>(table.cuts + table.slots[i].begin, values[table.slots[i].source]);
  }
  for (; i < table.count; ++i) {
    ranks[i] = RankInLong<Isa>(table.cuts + table.slots[i].begin, values[table.slots[i].source]);
  }
}

template <typename Isa>
void RankSlot(const RankTable& table, std::size_t slot, const double* values, std::uint8_t* ranks) {
  const double* const cuts = table.cuts + table.slots[slot].begin;
  if (slot < table.long_begin) {
    for (std::size_t i = 0; i < kRowsTogether; ++i) ranks[i] = RankInShort<Isa>(cuts, values[i]);
  } else {
    for (std::size_t i = 0; i < kRowsTogether; ++i) ranks[i] = RankInLong<Isa>(cuts, values[i]);
  }
}

// Isa::Bytes: a vector of bytes.
template <typename Isa>
void Select(const SelectNode* nodes, std::size_t count, const std::uint8_t* ranks, const std::uint8_t* work,
            std::uint8_t* nodes_out) {
  using Bytes = typename Isa::Bytes;
  for (std::size_t i = 0; i < count; ++i) {
    const SelectNode node = nodes[i];
    for (std::size_t at = 0; at < kRowsTogether; at += sizeof(Bytes)) {
      Bytes rank, left, right;
      __builtin_memcpy(&rank, ranks + node.ranks + at, sizeof(Bytes));
      __builtin_memcpy(&left, work + node.left + at, sizeof(Bytes));
      __builtin_memcpy(&right, work + node.right + at, sizeof(Bytes));
      const Bytes selected = rank > node.cut ? right : left;
      __builtin_memcpy(nodes_out + i * kRowsTogether + at, &selected, sizeof(Bytes));
    }
  }
}

template <typename Isa, typename Real>
void AddLeaves(const Real* leaves, std::size_t, const std::uint8_t* which, Real* sums) {
  for (std::size_t i = 0; i < kRowsTogether; ++i) sums[i] += leaves[which[i]];
}

}  // namespace hone
