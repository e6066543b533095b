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

// Isa::Bytes: a vector of bytes.
template <typename Isa>
void Select(const SelectNode* nodes, std::size_t twigs, std::size_t count, const std::uint8_t* ranks,
            const std::uint8_t* work, std::uint8_t* nodes_out) {
  using Bytes = typename Isa::Bytes;
  for (std::size_t i = 0; i < twigs; ++i) {
    const SelectNode node = nodes[i];
    const auto right = static_cast<std::uint8_t>(node.leaf + 1);
    for (std::size_t at = 0; at < kRowsTogether; at += sizeof(Bytes)) {
      Bytes rank;
      __builtin_memcpy(&rank, ranks + node.ranks + at, sizeof(Bytes));
      const Bytes selected = (Bytes)(rank <= node.cut) + right;  // a comparison that holds is -1
      __builtin_memcpy(nodes_out + i * kRowsTogether + at, &selected, sizeof(Bytes));
    }
  }
  for (std::size_t i = twigs; i < count; ++i) {
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
