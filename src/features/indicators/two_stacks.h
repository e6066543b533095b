// The fold (sum, extreme, moments) of the last n items of a stream in amortised O(1), taking nothing out again.
//
// The window lies in two stacks: newer items are folded as they come, older ones were folded once from their newest
// back (every n bars), so that a window is one suffix and one prefix (van Herk 1992, "A fast algorithm for local
// minimum and maximum filters"; Tangwongsan and others 2015, "General incremental sliding-window aggregation"). Only
// what is in the window enters its fold: nothing drifts over millions of bars, what has left is gone whatever its size,
// and the error is that of folding n items once. Where folding rounds, the last bits depend on which bar of the stream
// began a stack.
#pragma once

#include <cstddef>
#include <vector>

namespace hone {

// Fold: made of the first item of its stack (its reference, if it wants one; the item itself is then appended), with
// Item, Append(item) for a newer and Prepend(item) for an older one. Not thread-safe; allocates only when made.
template <typename Fold>
class TwoStacks {
 public:
  using Item = typename Fold::Item;
  // size >= 1
  explicit TwoStacks(int size)
      : size_(static_cast<std::size_t>(size)), newer_count_(size_), items_(size_), older_(size_ + 1) {}

  void Push(const Item& item) {
    if (newer_count_ == size_) [[unlikely]]
      Turn(item);
    items_[newer_count_++] = item;
    newer_.Append(item);
    if (count_ < size_) {
      ++count_;
    } else {
      older_count_ -= 1;
    }
  }

  bool full() const { return count_ >= size_; }
  std::size_t size() const { return size_; }
  const Fold& newer() const { return newer_; }
  const Fold& older() const { return older_[newer_count_]; }
  // Items of the older stack that are in the window.
  double older_count() const { return older_count_; }

 private:
  // All that is in the newer stack goes to the older one.
  void Turn(const Item& first) {
    if (full()) {
      FoldBack(items_.data(), size_, older_.data());
      older_count_ = static_cast<double>(size_);
    }
    newer_ = Fold(first);
    newer_count_ = 0;
  }

  // From the newest back. A function of its own that knows nothing of the object, which a loop over bars then keeps in
  // registers.
  [[gnu::noinline]] static void FoldBack(const Item* items, std::size_t size, Fold* older) {
    Fold fold(items[size - 1]);
    for (std::size_t i = size; i-- > 0;) {
      fold.Prepend(items[i]);
      older[i] = fold;
    }
  }

  std::size_t size_;
  std::size_t newer_count_;
  std::size_t count_ = 0;    // of the window
  double older_count_ = 0;   // kept as a double, since to make one of an integer on every bar takes longer
  std::vector<Item> items_;  // of the newer stack; behind them those of the older one that are still in the window
  std::vector<Fold> older_;  // at i: of the older stack's items from i on
  Fold newer_;
};

}  // namespace hone
