// Categorical splits as sets of bits, so that each is one test without a branch.
//
// A row has one code per column that is split by categories: 0 for NaN, the category plus 1, and the column's last code
// for what is no category (tree.h: negative, of ONNX also not whole) and for what no split of the column tells from
// that. A split has a run of bits, one for each code of its column: the row goes left when its code's is set.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "models/forest/tree.h"

namespace hone {

class CategorySlots {
 public:
  // Of all splits of a forest together; with more it is left to be walked.
  static constexpr std::size_t kMaxBits = std::size_t{1} << 25;

  // What a slot holds: numerical slots are {0, 0}, so that with a first word 0 in `words` every node can be tested both
  // ways: `words[(first & select) + code / 32] >> code % 32 & 1` is 0 for them. Not initialised: rows of thousands lie
  // on the stack.
  struct Code {
    std::uint32_t select;  // all ones for categorical slots
    std::uint32_t code;
  };

  // Whether the sets of `forest` are of whole numbers and take at most kMaxBits.
  static bool CanHold(const Forest& forest);
  // `forest` passes CanHold.
  explicit CategorySlots(const Forest& forest);

  std::size_t size() const noexcept { return columns_.size(); }
  std::size_t SlotOf(const Split& split) const { return slot_of_[Key(split)]; }
  // Adds the bits of a categorical split to `words`, and says at which of them they begin.
  std::uint32_t AddBits(const Tree& tree, const Split& split, std::vector<std::uint32_t>& words) const;

  // One row to its size() codes.
  void Fill(const double* row, Code* codes) const noexcept;

 private:
  // Values of one column that are cut to whole numbers, and those that are not, have slots of their own.
  static std::size_t Key(const Split& split) { return std::size_t{split.feature} * 2 + (split.truncated ? 1 : 0); }
  double Bits() const;

  struct Column {
    std::uint32_t column = 0;
    bool truncated = false;
    std::uint32_t last_code = 0;
    std::size_t splits = 0;
  };
  Dialect dialect_;
  std::vector<Column> columns_;         // of each slot
  std::vector<std::uint32_t> slot_of_;  // by Key
};

}  // namespace hone
