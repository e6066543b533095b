#include "drift/stream_detectors/adwin.h"

#include <cmath>
#include <vector>

namespace hone {
namespace {

struct Bucket {
  double total = 0;
  double squares = 0;  // sum of squared deviations from the bucket's mean
};

class Adwin final : public CopyableStreamDetector<Adwin> {
 public:
  explicit Adwin(const AdwinConfig& config) : config_(config) {}
  const char* name() const override { return "adwin"; }

 private:
  // The older part of a split.
  struct Old {
    double rows = 0, total = 0;
  };

  StreamState Take(double value) override {
    Insert(value);
    ++ticks_;
    StreamState state;
    if (rows_ <= static_cast<double>(config_.grace_period)) return state;
    state.status = StreamStatus::kInControl;
    if (ticks_ % config_.clock != 0) return state;
    Old old;
    while (FindCut(old)) {
      state.status = StreamStatus::kDrift;
      state.before = old.total / old.rows;
      state.after = (total_ - old.total) / (rows_ - old.rows);
      state.change = state.after > state.before ? StreamChange::kUp : StreamChange::kDown;
      DropOldest();
    }
    return state;
  }

  void StartAfresh() override {
    if (!config_.keep_window) *this = Restarted();
  }

  // Empty, with the counts that the interface keeps.
  Adwin Restarted() const {
    Adwin fresh(*this);
    fresh.levels_.clear();
    fresh.ticks_ = 0;
    fresh.rows_ = fresh.total_ = fresh.squares_ = 0;
    return fresh;
  }

  static double SizeOf(std::size_t level) { return std::ldexp(1.0, static_cast<int>(level)); }

  void Insert(double value) {
    if (levels_.empty()) levels_.emplace_back();
    levels_[0].push_back({value, 0});
    rows_ += 1;
    if (rows_ > 1) {
      const double delta = value - total_ / (rows_ - 1);
      squares_ += (rows_ - 1) * delta * delta / rows_;
    }
    total_ += value;
    const auto most = static_cast<std::size_t>(config_.max_buckets);
    for (std::size_t i = 0; levels_[i].size() > most; ++i) MergeOldestOf(i);
  }

  void MergeOldestOf(std::size_t level) {
    if (level + 1 == levels_.size()) levels_.emplace_back();
    std::vector<Bucket>& buckets = levels_[level];
    const double size = SizeOf(level);
    const double apart = buckets[0].total / size - buckets[1].total / size;
    levels_[level + 1].push_back(
        {buckets[0].total + buckets[1].total, buckets[0].squares + buckets[1].squares + size * 0.5 * apart * apart});
    buckets.erase(buckets.begin(), buckets.begin() + 2);
  }

  void DropOldest() {
    std::vector<Bucket>& oldest = levels_.back();
    const double size = SizeOf(levels_.size() - 1);
    const Bucket bucket = oldest.front();
    rows_ -= size;
    total_ -= bucket.total;
    const double apart = bucket.total / size - total_ / rows_;
    squares_ -= bucket.squares + size * rows_ * apart * apart / (size + rows_);
    oldest.erase(oldest.begin());
    while (levels_.size() > 1 && levels_.back().empty()) levels_.pop_back();
  }

  // Whether the window is to be cut, the oldest border first; `old` is what lies before it.
  bool FindCut(Old& old) const {
    const auto shortest = static_cast<double>(config_.min_window_length);
    old = {};
    Old fresh{rows_, total_};
    for (std::size_t level = levels_.size(); level-- > 0;) {
      for (const Bucket& bucket : levels_[level]) {
        old.rows += SizeOf(level);
        fresh.rows -= SizeOf(level);
        old.total += bucket.total;
        fresh.total -= bucket.total;
        if (fresh.rows < shortest || fresh.rows < 1) return false;
        if (old.rows >= shortest && Differ(old, fresh)) return true;
      }
    }
    return false;
  }

  bool Differ(const Old& old, const Old& fresh) const {
    const auto shortest = static_cast<double>(config_.min_window_length);
    const double d = std::log(2.0 * std::log(rows_) / config_.delta);
    const double m = 1.0 / (old.rows - shortest + 1.0) + 1.0 / (fresh.rows - shortest + 1.0);
    const double epsilon = std::sqrt(2.0 * m * (squares_ / rows_) * d) + 2.0 / 3.0 * d * m;
    return std::fabs(old.total / old.rows - fresh.total / fresh.rows) > epsilon;
  }

  AdwinConfig config_;
  std::vector<std::vector<Bucket>> levels_;  // by size 2^i, the oldest bucket first
  std::int64_t ticks_ = 0;
  double rows_ = 0, total_ = 0, squares_ = 0;  // of the window
};

}  // namespace

std::unique_ptr<StreamDetector> MakeAdwin(const AdwinConfig& config) { return std::make_unique<Adwin>(config); }

}  // namespace hone
