// A seeded random source whose sequence is the same on every platform and standard library: xoshiro256++ (Blackman and
// Vigna, 2019) seeded through splitmix64. Every random choice in hone draws from one of these, passed in.
#pragma once

#include <cstdint>
#include <string_view>

namespace hone {

// Not thread-safe; copyable (a copy continues the same sequence).
class Random {
 public:
  explicit Random(std::uint64_t seed);

  // A stream of its own for one purpose: same seed and name, same stream; different names, independent streams.
  static Random Stream(std::uint64_t seed, std::string_view name);

  std::uint64_t Next();
  // Uniform in [0, 1), 53 bits.
  double Uniform();
  // Uniform in [0, bound); bound >= 1. Unbiased (Lemire's method).
  std::uint64_t Below(std::uint64_t bound);
  // Standard normal (Marsaglia polar method; one spare value kept).
  double Normal();

 private:
  std::uint64_t state_[4];
  double spare_ = 0;
  bool has_spare_ = false;
};

// Fisher-Yates.
template <typename Container>
void Shuffle(Container& items, Random& random) {
  for (std::uint64_t i = items.size(); i > 1; --i) {
    using std::swap;
    swap(items[i - 1], items[random.Below(i)]);
  }
}

}  // namespace hone
