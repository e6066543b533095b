// What a row's value becomes before it is compared: one definition for every kernel of forests, on processor and GPU.
//
// models/forest/slots.h says why: what missing means is in the value, so that every split is the test
// `slot <= threshold`.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "gpu/host_device.h"

namespace hone {

// LightGBM's constant 1e-35f, widened to double.
inline constexpr double kZeroThreshold = static_cast<double>(1e-35F);
inline constexpr double kMissingValue = std::numeric_limits<double>::quiet_NaN();

enum SlotKind : std::uint8_t {
  kNanZero,         // NaN and tiny values become 0
  kNanRight,        // tiny values become 0
  kNanLeft,         // the same, negated
  kZeroRight,       // tiny values become NaN
  kZeroLeft,        // the same, negated
  kFloatNanRight,   // rounded to float
  kFloatNanLeft,    // the same, negated
  kDoubleNanRight,  // as it is
  kDoubleNanLeft,   // negated
};
inline constexpr std::size_t kSlotKinds = 9;

HONE_HOST_DEVICE inline double ZeroIfTiny(double value) noexcept {
  return std::fabs(value) <= kZeroThreshold ? 0.0 : value;
}

HONE_HOST_DEVICE inline double NanIfTiny(double value) noexcept {
  return std::fabs(value) <= kZeroThreshold ? kMissingValue : value;
}

HONE_HOST_DEVICE inline double AsFloat(double value) noexcept { return static_cast<double>(static_cast<float>(value)); }

template <SlotKind kKind>
HONE_HOST_DEVICE double SlotValue(double value) noexcept {
  if constexpr (kKind == kNanZero) return std::fabs(value) > kZeroThreshold ? value : 0.0;
  if constexpr (kKind == kNanRight) return ZeroIfTiny(value);
  if constexpr (kKind == kNanLeft) return -ZeroIfTiny(value);
  if constexpr (kKind == kZeroRight) return NanIfTiny(value);
  if constexpr (kKind == kZeroLeft) return -NanIfTiny(value);
  if constexpr (kKind == kFloatNanRight) return AsFloat(value);
  if constexpr (kKind == kFloatNanLeft) return -AsFloat(value);
  if constexpr (kKind == kDoubleNanRight) return value;
  if constexpr (kKind == kDoubleNanLeft) return -value;
}

// The same of a kind that is known at run time.
HONE_HOST_DEVICE inline double SlotValueOf(SlotKind kind, double value) noexcept {
  switch (kind) {
    case kNanZero: return SlotValue<kNanZero>(value);
    case kNanRight: return SlotValue<kNanRight>(value);
    case kNanLeft: return SlotValue<kNanLeft>(value);
    case kZeroRight: return SlotValue<kZeroRight>(value);
    case kZeroLeft: return SlotValue<kZeroLeft>(value);
    case kFloatNanRight: return SlotValue<kFloatNanRight>(value);
    case kFloatNanLeft: return SlotValue<kFloatNanLeft>(value);
    case kDoubleNanRight: return SlotValue<kDoubleNanRight>(value);
    case kDoubleNanLeft: return SlotValue<kDoubleNanLeft>(value);
  }
  return value;
}

}  // namespace hone
