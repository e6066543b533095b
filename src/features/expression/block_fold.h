// A fold over the last n numbers of a stream in amortised O(1), without ever subtracting: van Herk (1992) and Gil and
// Werman (1993). The stream is cut into blocks of n; a window is the end of one block, whose folds from behind are
// computed when it is complete, and the beginning of the next, folded as it comes. So a number that has left the window
// leaves no trace, also after 1e300, where a running sum would carry its rounding for ever.
#pragma once

#include <cstddef>
#include <vector>

namespace hone {

// `Fold` has a type State, `static State Of(double)` and an associative `static State Join(const State& earlier, const
// State& later)`. Not thread-safe; nothing is allocated after construction.
template <typename Fold>
class BlockFold {
 public:
  using State = typename Fold::State;

  // size >= 1
  explicit BlockFold(std::size_t size) : values_(size), behind_(size) {}

  // Takes the next number. False until `size` have come; then `state` is the fold over the last `size`.
  bool Push(double value, State& state) {
    const State own = Fold::Of(value);
    begun_ = at_ == 0 ? own : Fold::Join(begun_, own);
    values_[at_] = value;
    ++at_;
    if (at_ == values_.size()) {
      state = begun_;
      FoldBehind();
      return true;
    }
    if (!whole_) return false;
    state = Fold::Join(behind_[at_], begun_);
    return true;
  }

  std::size_t size() const { return values_.size(); }

 private:
  void FoldBehind() {
    behind_.back() = Fold::Of(values_.back());
    for (std::size_t i = values_.size() - 1; i-- > 0;) behind_[i] = Fold::Join(Fold::Of(values_[i]), behind_[i + 1]);
    whole_ = true;
    at_ = 0;
  }

  std::vector<double> values_;  // of the block that is being filled
  std::vector<State> behind_;   // of the block before: fold of its values from i to the end
  State begun_{};               // of the values of the block so far
  std::size_t at_ = 0;
  bool whole_ = false;  // a block is complete
};

}  // namespace hone
