// The direction of the next `horizon` bars: 1 when the close of bar i + horizon is above the close of bar i, else 0.
#pragma once

#include "features/targets/target.h"
#include "features/window.h"

namespace hone {

class DirectionTarget final : public Target {
 public:
  explicit DirectionTarget(int horizon) : closes_(horizon + 1) {}
  std::optional<double> Update(const Bar& bar) override;
  int horizon() const override { return static_cast<int>(closes_.size()) - 1; }

 private:
  Window closes_;
};

}  // namespace hone
