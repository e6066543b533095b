#include "features/targets/move_target.h"

#include <cmath>

namespace hone {
namespace {

constexpr double kTercile = 0.43072729929545744;  // of the standard normal distribution at 2/3
constexpr std::size_t kReturns = 22;

}  // namespace

MoveTarget::MoveTarget(int horizon) : closes_(horizon + 1), thresholds_(horizon + 1) { squares_.reserve(kReturns + 1); }

std::optional<double> MoveTarget::Update(const Bar& bar) {
  if (last_close_ > 0) {
    const double change = std::log(bar.close / last_close_);
    squares_.push_back(change * change);
    if (squares_.size() > kReturns) squares_.erase(squares_.begin());
  }
  last_close_ = bar.close;
  const double variance = squares_.empty() ? 0 : Mean(squares_);
  closes_.Push(bar.close);
  thresholds_.Push(kTercile * std::sqrt(static_cast<double>(horizon()) * variance));
  if (!closes_.full()) return std::nullopt;
  const double change = std::log(closes_.newest() / closes_.oldest()), threshold = thresholds_.oldest();
  return change > threshold ? 2.0 : change < -threshold ? 0.0 : 1.0;
}

}  // namespace hone
