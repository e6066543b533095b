// Ids: 128 bits, UUIDv7-shaped (RFC 9562): 48 bits of Unix milliseconds, then a counter and random bits, so ids sort by
// time and a partition follows from the id. Text form is the usual 8-4-4-4-12 in lower case.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/random.h"
#include "base/result.h"
#include "base/time.h"

namespace hone {

struct Id {
  std::array<std::uint8_t, 16> bytes{};

  auto operator<=>(const Id&) const = default;
  // The millisecond the id was made in, as a Time.
  Time time() const;
  std::string ToString() const;
};

Result<Id> ParseId(std::string_view text);

// Makes ids that strictly increase. In replay the random bits are seeded. Not thread-safe: one generator a thread.
class IdGenerator {
 public:
  explicit IdGenerator(std::uint64_t seed);
  // `now` may repeat or go back; ids still increase.
  Id Next(Time now);

  struct State {
    std::uint64_t made = 0;  // ids so far
    std::uint64_t last_millisecond = 0;
    std::uint32_t counter = 0;
  };
  State state() const { return {made_, last_millisecond_, counter_}; }
  // Goes on where a generator with the same seed was; this one has made no id yet. O(made).
  void Restore(const State& state);

 private:
  Random random_;
  std::uint64_t made_ = 0;
  std::uint64_t last_millisecond_ = 0;
  std::uint32_t counter_ = 0;
};

}  // namespace hone

template <>
struct std::hash<hone::Id> {
  std::size_t operator()(const hone::Id& id) const noexcept;
};
