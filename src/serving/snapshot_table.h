// Hands the current snapshots to the I/O threads without a lock or an atomic on the prediction path.
//
// A set of snapshots is posted to each reader as a task of its own event loop; the task stores a plain pointer that
// only this reader's thread touches. The reader then acknowledges; the publisher frees a set once every reader has
// acknowledged a later one. So a pointer that a reader took stays valid until the reader returns to its event loop.
// (libstdc++ 12's atomic<shared_ptr> would take a lock at each request.)
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "serving/snapshot.h"

namespace hone {

// The snapshots of all models. Immutable.
class SnapshotSet {
 public:
  SnapshotSet() = default;
  // Of two snapshots of one model the later one counts.
  explicit SnapshotSet(std::vector<SnapshotPointer> snapshots);

  // nullptr when there is no such model. Allocates nothing.
  const ModelSnapshot* Find(std::string_view model) const;
  // The same, for code that keeps it.
  SnapshotPointer FindShared(std::string_view model) const;
  // By name.
  const std::vector<SnapshotPointer>& snapshots() const { return snapshots_; }
  // This set with one model's snapshot put in or replaced.
  SnapshotSet With(SnapshotPointer snapshot) const;

 private:
  std::vector<SnapshotPointer> snapshots_;
};

class SnapshotTable {
 public:
  // Runs a task on reader `reader`'s thread, tasks of one reader in the order posted (HttpServer::Post).
  using Post = std::function<void(int reader, std::function<void()> task)>;

  SnapshotTable(int readers, Post post);
  // Readers and posted tasks must have ended.
  ~SnapshotTable() = default;
  SnapshotTable(const SnapshotTable&) = delete;
  SnapshotTable& operator=(const SnapshotTable&) = delete;

  // Publisher's thread, only one. Posts the set to every reader and frees the sets that no reader holds any more.
  void Publish(SnapshotSet set);
  // Publisher's thread: what was published last (empty before the first).
  const SnapshotSet& published() const;
  // Publisher's thread: frees what can be freed; returns how many sets are still held, the newest included.
  std::size_t Collect();

  // Reader's own thread: the set in force for it, never null, valid until it returns to its event loop.
  const SnapshotSet* Current(int reader) const { return slots_[static_cast<std::size_t>(reader)].current; }

 private:
  struct alignas(64) Slot {
    const SnapshotSet* current = nullptr;        // the reader's
    std::atomic<std::uint64_t> acknowledged{0};  // number of the set it holds
  };
  struct Published {
    std::uint64_t number = 0;
    std::unique_ptr<const SnapshotSet> set;
  };

  std::vector<Slot> slots_;
  Post post_;
  std::deque<Published> sets_;  // oldest first; the last is in force
};

}  // namespace hone
