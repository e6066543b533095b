#include "models/forest/slots.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "models/forest/infinity.h"

namespace hone {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

double ExchangedThreshold(double threshold) {
  return threshold == kInfinity ? kNan : -std::nextafter(threshold, kInfinity);
}

double PreviousFloat(double threshold) {
  const auto value = static_cast<float>(threshold);
  return threshold == -kInfinity ? kNan : static_cast<double>(std::nextafter(value, static_cast<float>(-kInfinity)));
}

double PreviousDouble(double threshold) {
  return threshold == -kInfinity ? kNan : std::nextafter(threshold, -kInfinity);
}

}  // namespace

SlotKind ForestSlots::KindOf(const Split& split, Dialect dialect) {
  if (SumsFloats(dialect)) return split.default_left ? kFloatNanLeft : kFloatNanRight;
  if (dialect == Dialect::kOnnxDouble) return split.default_left ? kDoubleNanLeft : kDoubleNanRight;
  switch (split.missing) {
    case Missing::kNone: return kNanZero;
    case Missing::kNan: return split.default_left ? kNanLeft : kNanRight;
    case Missing::kZero: return split.default_left ? kZeroLeft : kZeroRight;
  }
  return kNanZero;
}

bool ForestSlots::IsExchanged(SlotKind kind) {
  return kind == kNanLeft || kind == kZeroLeft || kind == kFloatNanLeft || kind == kDoubleNanLeft;
}

double ForestSlots::ThresholdOf(SlotKind kind, double threshold) {
  if (kind == kFloatNanLeft || kind == kDoubleNanLeft) return -threshold;
  if (kind == kFloatNanRight) return PreviousFloat(threshold);
  if (kind == kDoubleNanRight) return PreviousDouble(threshold);
  return IsExchanged(kind) ? ExchangedThreshold(threshold) : threshold;
}

ForestSlots::ForestSlots(const Forest& forest)
    : dialect_(forest.dialect), width_(forest.width), slot_of_(kSlotKinds * forest.width) {
  std::vector<bool> used(slot_of_.size());
  for (const Tree& tree : forest.trees) {
    for (const Split& split : tree.splits) {
      if (!split.categorical) used[KindOf(split, dialect_) * width_ + split.feature] = true;
    }
  }
  for (std::size_t i = 0; i < used.size(); ++i) {
    if (!used[i]) continue;
    slot_of_[i] = static_cast<std::uint32_t>(columns_.size());
    columns_.push_back(static_cast<std::uint32_t>(i % width_));
    kind_begin_[i / width_ + 1] = columns_.size();
  }
  for (std::size_t kind = 1; kind <= kSlotKinds; ++kind) {
    kind_begin_[kind] = std::max(kind_begin_[kind], kind_begin_[kind - 1]);
  }
}

ForestSlots::Test ForestSlots::TestOf(const Split& split) const {
  const SlotKind kind = KindOf(split, dialect_);
  const bool exchanged = IsExchanged(kind);
  return {ThresholdOf(kind, split.threshold), slot_of_[kind * width_ + split.feature],
          exchanged ? split.right : split.left, exchanged ? split.left : split.right};
}

SlotKind ForestSlots::KindOf(std::size_t slot) const {
  std::uint8_t kind = 0;
  while (slot >= kind_begin_[kind + 1]) ++kind;
  return static_cast<SlotKind>(kind);
}

template <SlotKind kKind>
void ForestSlots::FillKind(const double* row, double* slots) const noexcept {
  const std::uint32_t* const columns = columns_.data();
  for (std::size_t i = kind_begin_[kKind]; i < kind_begin_[kKind + 1]; ++i)
    slots[i] = SlotValue<kKind>(row[columns[i]]);
}

template <SlotKind kKind>
void ForestSlots::FillRows(const double* values, std::size_t width, std::size_t count, double* out) noexcept {
  for (std::size_t i = 0; i < count; ++i) out[i] = SlotValue<kKind>(values[i * width]);
}

void ForestSlots::Fill(const double* row, double* slots) const noexcept {
  FillKind<kNanZero>(row, slots);
  FillKind<kNanRight>(row, slots);
  FillKind<kNanLeft>(row, slots);
  FillKind<kZeroRight>(row, slots);
  FillKind<kZeroLeft>(row, slots);
  FillKind<kFloatNanRight>(row, slots);
  FillKind<kFloatNanLeft>(row, slots);
  FillKind<kDoubleNanRight>(row, slots);
  FillKind<kDoubleNanLeft>(row, slots);
}

void ForestSlots::FillSlot(std::size_t slot, const double* rows, std::size_t width, std::size_t count,
                           double* out) const noexcept {
  constexpr decltype(&FillRows<kNanZero>) kFill[kSlotKinds] = {
      &FillRows<kNanZero>,      &FillRows<kNanRight>,       &FillRows<kNanLeft>,
      &FillRows<kZeroRight>,    &FillRows<kZeroLeft>,       &FillRows<kFloatNanRight>,
      &FillRows<kFloatNanLeft>, &FillRows<kDoubleNanRight>, &FillRows<kDoubleNanLeft>};
  kFill[KindOf(slot)](rows + columns_[slot], width, count, out);
}

}  // namespace hone
