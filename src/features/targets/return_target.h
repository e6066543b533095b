// The log return over the next `horizon` bars: ln(close of bar i + horizon / close of bar i).
#pragma once

#include "features/targets/target.h"
#include "features/window.h"

namespace hone {

class ReturnTarget final : public Target {
 public:
  explicit ReturnTarget(int horizon) : closes_(horizon + 1) {}
  std::optional<double> Update(const Bar& bar) override;
  int horizon() const override { return static_cast<int>(closes_.size()) - 1; }

 private:
  Window closes_;
};

}  // namespace hone
