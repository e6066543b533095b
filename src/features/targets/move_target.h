// Down, flat or up: the log return r of the next `horizon` bars in units of the volatility known at the row's bar,
//
//   0  r < -q s,   2  r > q s,   1  otherwise;   s = sqrt(horizon * mean of the newest 22 squared close returns)
//
// with q = 0.4307, the normal distribution's upper tercile: on a random walk a third of the rows each. Of a row with
// fewer than 22 returns before it those there are; of the first bar s = 0.
#pragma once

#include <vector>

#include "features/targets/target.h"
#include "features/window.h"

namespace hone {

class MoveTarget final : public Target {
 public:
  explicit MoveTarget(int horizon);
  std::optional<double> Update(const Bar& bar) override;
  int horizon() const override { return static_cast<int>(closes_.size()) - 1; }

 private:
  Window closes_, thresholds_;   // of the newest horizon + 1 bars
  std::vector<double> squares_;  // of the newest returns, oldest first
  double last_close_ = 0;        // 0: none yet
};

}  // namespace hone
