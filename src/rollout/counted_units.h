// Which requests of a split count: each unit that was assigned at random, once. A request without a routing key is a
// unit; all requests of a key are one, which counts with its first.
//
// Keys are remembered by a distinct sample (Gibbons, "Distinct sampling for highly-accurate answers to distinct values
// queries and event reports", VLDB 2001): at level l only keys whose hash ends in l zero bits may count; once more than
// `capacity` are remembered the level rises and those below it are forgotten, for they cannot count again. So memory is
// bounded, no key counts twice, and of N keys about capacity * (1 + log2(N / capacity) / 2) count: which ones has
// nothing to do with the arm they fell to, as long as the hash is another than the draw's. Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <unordered_set>
#include <vector>

namespace hone {

class CountedUnits {
 public:
  explicit CountedUnits(std::size_t capacity = 16'384) : capacity_(capacity) {}

  // Whether the next request counts; `unit`: the hash of its key, 0 where it has none.
  bool Take(std::uint64_t unit);

  // What was remembered since the last call: for checkpoints, which only grow.
  std::vector<std::uint64_t> TakeNew();
  // All that TakeNew ever gave, in any order: the level follows from them.
  void Restore(std::span<const std::uint64_t> units);

  int level() const { return level_; }
  std::size_t remembered() const { return seen_.size(); }

 private:
  bool MayCount(std::uint64_t unit) const { return (unit & ((std::uint64_t{1} << level_) - 1)) == 0; }
  void RaiseLevel();

  std::size_t capacity_;
  int level_ = 0;
  std::unordered_set<std::uint64_t> seen_;
  std::vector<std::uint64_t> new_;
};

}  // namespace hone
