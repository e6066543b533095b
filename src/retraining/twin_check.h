// The twin check: the same fit code, run without the newest rows, must do about as well on those rows as the champion,
// which has not seen them either. A broken pipeline (shuffled labels, stale features) fails it before any traffic.
//
// ratio = RMSE(twin) / RMSE(champion) on the rows held back. The limit is the recipe's own record of such ratios from
// its walk-forward history, with a little air, never above the policy's twin_ratio. A twin_ratio of 10, the most the
// policy allows, switches the check off: the record is not asked either. Not thread-safe.
#pragma once

#include <cstdint>
#include <vector>

namespace hone {

class TwinRecord {
 public:
  static constexpr double kOpen = 10;

  // ceiling: the policy's twin_ratio.
  explicit TwinRecord(double ceiling) : ceiling_(ceiling) {}
  void Add(double ratio) { largest_ = ratio > largest_ ? ratio : largest_; }
  // min(ceiling, max(1.05, 1.05 * largest recorded)); the ceiling where nothing is recorded, and where it is kOpen.
  double limit() const;
  // Largest ratio recorded, 0 before any.
  double largest() const { return largest_; }

 private:
  double ceiling_;
  double largest_ = 0;
};

struct TwinResult {
  double twin_rmse = 0, champion_rmse = 0, ratio = 0, limit = 0;
  std::int64_t rows = 0;
  bool passed = false;
};

// Losses (squared errors) of twin and champion on the same rows, in row order, at least one.
TwinResult CheckTwin(const std::vector<double>& twin_losses, const std::vector<double>& champion_losses,
                     const TwinRecord& record);

}  // namespace hone
