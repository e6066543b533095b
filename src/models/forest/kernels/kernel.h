// The loops of a ranked forest (models/forest/ranked_forest.h) that are compiled once for each instruction set.
//
// Everything here is plain data and functions over pointers: the file of an instruction set may instantiate no code
// that another file could share, for the linker would then pick one of the two for every processor.
#pragma once

#include <cstddef>
#include <cstdint>

namespace hone {

inline constexpr std::size_t kCutsPerBlock = 16;
inline constexpr std::size_t kMaxCuts = 255;  // of a byte slot

struct alignas(64) CutBlock {
  double cuts[kCutsPerBlock];
};

// Where the cuts of one byte slot lie.
struct SlotCuts {
  std::uint32_t source = 0;  // the slot of doubles it ranks
  std::uint32_t begin = 0;   // a block of pivots, then its blocks of cuts; of a short slot, one block of cuts
};

struct alignas(64) FloatBlock {
  float cuts[kCutsPerBlock];
};

// The cuts of one byte slot rounded to float, as a complete search tree for many rows: the root at place 1, the
// children of place p at 2p and 2p + 1, filled up with +infinity. The place that a value reaches below the last level
// is 2^levels + the number of rounded cuts that the rounded value passes. Rounding keeps the order, so that is its
// rank, unless it equals a rounded cut: then that cut, the one of this number, is compared as it is.
struct SlotSearch {
  std::uint32_t begin = 0;  // of its 2^levels places in the blocks of trees
  std::uint8_t levels = 0;  // kMinLevels to kMaxLevels; 0 where two cuts are the same float
  bool has_floats = false;  // its cuts and all of its values are floats: rounding changes nothing
};
inline constexpr int kMinLevels = 4;
inline constexpr int kMaxLevels = 8;

// A value's rank is the number of its slot's cuts for which !(value <= cut); NaN has kMaxCuts, or the most of a short
// slot. n cuts lie in n / kCutsPerBlock + 1 blocks, ascending, filled up with +infinity, so that no number passes the
// last cut of a block it belongs to. Pivot i is the last cut of block i, +infinity for the last: the pivots passed give
// the block, the cuts passed in it the rank. The sixteenth of either is never counted. NaN passes fifteen pivots and
// may read beyond its slot, where there must be kCutsPerBlock blocks of any values.
struct RankTable {
  const SlotCuts* slots = nullptr;
  std::size_t count = 0;
  std::size_t long_begin = 0;  // slots before it are short: fewer than kCutsPerBlock cuts, no pivots
  const CutBlock* blocks = nullptr;
  const SlotSearch* searches = nullptr;  // one for each slot
  const FloatBlock* trees = nullptr;
};

// Rows that are answered together.
inline constexpr std::size_t kRowsTogether = 64;

// A tree for kRowsTogether rows, cut from its leaves upward into groups of three levels at most, each completed to 7, 3
// or 1 tests with tests that no rank passes. A group selects without leaving the registers: the lowest ones the numbers
// of their leaves, the others among what the groups below them selected. A test is passed, to the right, where
// rank > cut. In a group, children come before their parents. Offsets are in bytes; cuts and leaf numbers are in each
// byte of four.
struct SelectTest {
  std::uint32_t cut = 0;
  std::uint32_t leaf = 0;   // where it is lowest: the left one; the right one is the next
  std::uint16_t ranks = 0;  // of its slot: one rank for each row
};
struct SelectJoin {
  std::uint32_t cut = 0;
  std::uint16_t ranks = 0;
  std::uint16_t left = 0, right = 0;  // where it is lowest: into the work space, the leaf each row reaches from there
};
struct SelectRun {
  std::uint32_t levels = 0;
  std::uint32_t groups = 0;
};
inline constexpr int kGroupLevels = 3;
struct SelectTree {
  const SelectTest* tests = nullptr;
  const SelectJoin* joins = nullptr;
  const SelectRun* runs = nullptr;  // kGroupLevels of tests, then those of joins; groups before those above them
  std::uint32_t count = 0;          // of runs
};

// Up to six levels of a tree, completed to 63 tests at places 1 to 63; the children of place p are at 2p (rank <= cut)
// and 2p + 1. Places 64 to 127 are its exits 0 to 63.
struct alignas(64) BlockTests {
  static constexpr std::size_t kExits = 64;
  std::uint8_t slot[kExits];
  std::uint8_t cut[kExits];
};

// Blocks that are answered together.
inline constexpr std::size_t kBlocksTogether = 64;
inline constexpr std::size_t kBlockLanes = 8;

inline constexpr std::size_t kLeavesRead = 128;

struct Kernel {
  // One row: `values`, its slots of doubles, to `ranks`, one for each byte slot.
  void (*rank_row)(const RankTable& table, const double* values, std::uint8_t* ranks);
  // One byte slot of kRowsTogether rows.
  void (*rank_slot)(const RankTable& table, std::size_t slot, const double* values, std::uint8_t* ranks);

  // kRowsTogether rows through one tree. Group after group writes the leaf numbers it selects to `selected`,
  // kRowsTogether each, inside of `work`.
  void (*select)(const SelectTree& tree, const std::uint8_t* ranks, const std::uint8_t* work, std::uint8_t* selected);
  // sums[i] += leaves[which[i]] for kRowsTogether rows, of `count` leaves; kLeavesRead of them may be read.
  void (*add_floats)(const float* leaves, std::size_t count, const std::uint8_t* which, float* sums);
  void (*add_doubles)(const double* leaves, std::size_t count, const std::uint8_t* which, double* sums);
  // Measured limits of what pays: trees with more leaves on average are walked faster than selected from, and with more
  // byte slots for each tree ranking takes longer than it saves: one row, or many.
  std::size_t select_leaves;
  double slots_for_tree;
  double batch_slots_for_tree;

  // One row through `count` <= kBlocksTogether blocks: exits[i] = which[i] * kExits + the exit of that block. `which`
  // is filled up with any blocks, and `exits` has room, to a multiple of kBlockLanes; `ranks` has kBlockSlots. Null
  // where the instruction set has nothing for it.
  void (*exits)(const BlockTests* blocks, const std::uint32_t* which, std::size_t count, const std::uint8_t* ranks,
                std::size_t slots, std::uint32_t* exits);
  std::size_t block_slots;  // how many byte slots `exits` can look up, at most kBlockSlots
};
inline constexpr std::size_t kBlockSlots = 256;

extern const Kernel kPortableKernel;
#if defined(__x86_64__)
extern const Kernel kAvx2Kernel;    // AVX2, BMI2
extern const Kernel kAvx512Kernel;  // AVX-512 F, BW, DQ, VL, VBMI
#endif

}  // namespace hone
