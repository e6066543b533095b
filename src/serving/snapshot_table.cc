#include "serving/snapshot_table.h"

#include <algorithm>
#include <utility>

namespace hone {
namespace {

bool NameBefore(const SnapshotPointer& snapshot, std::string_view name) { return snapshot->model() < name; }

}  // namespace

SnapshotSet::SnapshotSet(std::vector<SnapshotPointer> snapshots) {
  for (SnapshotPointer& snapshot : snapshots) {
    const auto place = std::lower_bound(snapshots_.begin(), snapshots_.end(), snapshot->model(), NameBefore);
    if (place != snapshots_.end() && (*place)->model() == snapshot->model()) {
      *place = std::move(snapshot);
    } else {
      snapshots_.insert(place, std::move(snapshot));
    }
  }
}

const ModelSnapshot* SnapshotSet::Find(std::string_view model) const {
  const auto found = std::lower_bound(snapshots_.begin(), snapshots_.end(), model, NameBefore);
  return found != snapshots_.end() && (*found)->model() == model ? found->get() : nullptr;
}

SnapshotPointer SnapshotSet::FindShared(std::string_view model) const {
  const auto found = std::lower_bound(snapshots_.begin(), snapshots_.end(), model, NameBefore);
  return found != snapshots_.end() && (*found)->model() == model ? *found : nullptr;
}

SnapshotSet SnapshotSet::With(SnapshotPointer snapshot) const {
  std::vector<SnapshotPointer> all = snapshots_;
  all.push_back(std::move(snapshot));
  return SnapshotSet(std::move(all));
}

SnapshotTable::SnapshotTable(int readers, Post post)
    : slots_(static_cast<std::size_t>(readers)), post_(std::move(post)) {
  sets_.push_back({0, std::make_unique<const SnapshotSet>()});
  for (Slot& slot : slots_) slot.current = sets_.back().set.get();
}

void SnapshotTable::Publish(SnapshotSet set) {
  const std::uint64_t number = sets_.back().number + 1;
  sets_.push_back({number, std::make_unique<const SnapshotSet>(std::move(set))});
  const SnapshotSet* newest = sets_.back().set.get();
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    post_(static_cast<int>(i), [this, i, newest, number] {
      slots_[i].current = newest;
      slots_[i].acknowledged.store(number, std::memory_order_release);
    });
  }
  Collect();
}

const SnapshotSet& SnapshotTable::published() const { return *sets_.back().set; }

// Everything that a reader did with an older set happened before its acknowledgement was stored.
std::size_t SnapshotTable::Collect() {
  std::uint64_t oldest_held = sets_.back().number;
  for (const Slot& slot : slots_)
    oldest_held = std::min(oldest_held, slot.acknowledged.load(std::memory_order_acquire));
  while (sets_.front().number < oldest_held) sets_.pop_front();
  return sets_.size();
}

}  // namespace hone
