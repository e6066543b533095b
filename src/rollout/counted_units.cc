#include "rollout/counted_units.h"

#include <utility>

namespace hone {

namespace {

constexpr int kHighestLevel = 62;

}  // namespace

bool CountedUnits::Take(std::uint64_t unit) {
  if (unit == 0) return true;
  if (!MayCount(unit) || !seen_.insert(unit).second) return false;
  new_.push_back(unit);
  RaiseLevel();
  return true;
}

void CountedUnits::RaiseLevel() {
  while (seen_.size() > capacity_ && level_ < kHighestLevel) {
    ++level_;
    std::erase_if(seen_, [this](std::uint64_t unit) { return !MayCount(unit); });
  }
}

std::vector<std::uint64_t> CountedUnits::TakeNew() { return std::exchange(new_, {}); }

void CountedUnits::Restore(std::span<const std::uint64_t> units) {
  seen_.clear();
  new_.clear();
  level_ = 0;
  seen_.insert(units.begin(), units.end());
  RaiseLevel();
}

}  // namespace hone
