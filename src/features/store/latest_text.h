// The newest values of features as text that outlives the process: one value, and all values of an entity.
//
// A value: event_time, recorded_at and known_at, each moved to have no sign, 20 digits, then the 16 hex digits of the
// number's bits: 76 characters, of which the first 40 tell which of two values is newer, whatever the locale.
//
// A snapshot: "latest 1 ", written_at and the number of values as 20 digits, then of each value its feature as 20
// digits and the value, and the SHA-256 (hex) of all that stands before.
//
// Either may have been kept by another program: what is not of this form is refused.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "features/store/feature_values.h"

namespace hone {

inline constexpr std::size_t kLatestText = 76;
inline constexpr std::size_t kLatestOrder = 40;
std::string FormatLatest(const FeatureValue& value);
// Nothing where it is not that, or the value was known before its event.
std::optional<FeatureValue> ParseLatest(std::string_view text);

// A time as 20 digits, in its order.
std::string FormatOrderedTime(Time time);
std::optional<Time> ParseOrderedTime(std::string_view text);

struct LatestOfFeature {
  std::int64_t feature = 0;
  FeatureValue value;
};
struct LatestSnapshot {
  Time written_at = 0;                  // later at each write; 0 where nothing was written
  std::vector<LatestOfFeature> values;  // by feature
};

std::string EncodeSnapshot(const LatestSnapshot& snapshot);
// kCorrupt says what is wrong: the beginning, the length, the checksum, the order of features, a value.
Result<LatestSnapshot> DecodeSnapshot(std::string_view bytes);

}  // namespace hone
