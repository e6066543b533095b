// Volatility to come: ln of the mean variance of the next `horizon` bars (Parkinson's, or squared close returns for a
// close-only source), floored at 1e-10. The label of the row at bar i is log_range_<horizon> at bar i + horizon.
#pragma once

#include "features/bar_variance.h"
#include "features/targets/target.h"
#include "features/window.h"

namespace hone {

class VolatilityTarget final : public Target {
 public:
  VolatilityTarget(int horizon, SeriesTraits traits) : variance_(traits), window_(horizon) {}
  std::optional<double> Update(const Bar& bar) override;
  int horizon() const override { return static_cast<int>(window_.size()); }

 private:
  BarVariance variance_;
  Window window_;
  bool first_ = true;
};

}  // namespace hone
