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
};

// Rows that are answered together.
inline constexpr std::size_t kRowsTogether = 64;

// A test of one tree: right where rank > cut. Offsets are in bytes.
struct SelectNode {
  std::uint16_t ranks = 0;            // of its slot: one rank for each row
  std::uint16_t left = 0, right = 0;  // into the work space: the leaf that each row reaches from there
  std::uint8_t cut = 0;
  std::uint8_t leaf = 0;  // of a twig, whose children are leaves: the left one; the right one is the next
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

  // kRowsTogether rows through one tree: first its `twigs`, then the other tests, children before their parents. Test i
  // writes the leaf numbers it selects to nodes_out + i * kRowsTogether, inside of `work`.
  void (*select)(const SelectNode* nodes, std::size_t twigs, std::size_t count, const std::uint8_t* ranks,
                 const std::uint8_t* work, std::uint8_t* nodes_out);
  // sums[i] += leaves[which[i]] for kRowsTogether rows, of `count` leaves; kLeavesRead of them may be read.
  void (*add_floats)(const float* leaves, std::size_t count, const std::uint8_t* which, float* sums);
  void (*add_doubles)(const double* leaves, std::size_t count, const std::uint8_t* which, double* sums);
  // Measured limits of what pays: trees with more leaves on average are walked faster than selected from, and with more
  // byte slots for each tree ranking takes longer than it saves.
  std::size_t select_leaves;
  double slots_for_tree;

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
