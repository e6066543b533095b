// What a row's numbers become so that every numerical split is the one test `slot <= threshold`.
//
// A row has one slot per (column, meaning of missing) that the forest uses:
//   NaN counts as 0       value, NaN -> 0
//   NaN goes right        value (no comparison with NaN holds)
//   NaN goes left         -value, tested as -value <= -next(threshold) with the children exchanged; next(t) is the
//                         least double above t, so the test is exactly value > t, and false for NaN
//   0 and NaN go right    value, 0 -> NaN
//   0 and NaN go left     -value, 0 -> NaN, children exchanged
// with |value| <= kZeroThreshold taken as 0; and for XGBoost, whose values are rounded to float,
//   NaN goes right        value, tested as value <= previous float before the threshold, which is value < threshold
//   NaN goes left         -value, tested as -value <= -threshold with the children exchanged
// and likewise for ONNX, whose values are rounded to float or left as they are.
// So the order of comparisons is the library's, to the bit.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "gpu/slot_value.h"
#include "models/forest/tree.h"

namespace hone {

class ForestSlots {
 public:
  // A split as one test: the row goes to `left` when its slot <= threshold, else to `right`. Children as in Split. A
  // NaN threshold never holds.
  struct Test {
    double threshold = 0;
    std::size_t slot = 0;
    std::int32_t left = 0, right = 0;
  };

  // Categorical splits are passed over (category_slots.h).
  explicit ForestSlots(const Forest& forest);

  std::size_t size() const noexcept { return columns_.size(); }
  // Of a numerical split.
  Test TestOf(const Split& split) const;
  std::uint32_t ColumnOf(std::size_t slot) const { return columns_[slot]; }
  SlotKind KindOf(std::size_t slot) const;

  // One row to its size() slots.
  void Fill(const double* row, double* slots) const noexcept;
  // One slot of `count` rows of `width` values.
  void FillSlot(std::size_t slot, const double* rows, std::size_t width, std::size_t count, double* out) const noexcept;

 private:
  static SlotKind KindOf(const Split& split, Dialect dialect);
  static bool IsExchanged(SlotKind kind);
  static double ThresholdOf(SlotKind kind, double threshold);
  template <SlotKind kKind>
  void FillKind(const double* row, double* slots) const noexcept;
  template <SlotKind kKind>
  static void FillRows(const double* values, std::size_t width, std::size_t count, double* out) noexcept;

  Dialect dialect_;
  std::size_t width_;
  std::vector<std::uint32_t> columns_;           // of each slot, kinds one after the other
  std::vector<std::uint32_t> slot_of_;           // by kind and column
  std::size_t kind_begin_[kSlotKinds + 1] = {};  // its first slot; the last is size()
};

}  // namespace hone
