#include "features/expression/fill.h"

#include <cmath>

#include "features/expression/pointwise.h"

namespace hone {
namespace {

class FillForward final : public SteppedIndicator<FillForward, 1, 1> {
 public:
  std::array<double, 1> Step(const std::array<double, 1>& in) {
    if (!std::isnan(in[0])) last_ = in[0];
    return {last_};
  }
  int warmup() const override { return 1; }

 private:
  double last_ = kMissing;
};

class FillMean final : public SteppedIndicator<FillMean, 1, 1> {
 public:
  std::array<double, 1> Step(const std::array<double, 1>& in) {
    if (std::isnan(in[0])) return {known_ > 0 ? mean_ : kMissing};
    known_ += 1;
    mean_ += (in[0] - mean_) / known_;
    return in;
  }
  int warmup() const override { return 1; }

 private:
  double known_ = 0, mean_ = 0;
};

}  // namespace

Result<IndicatorPointer> MakeFillForward(std::span<const double>) {
  return IndicatorPointer(std::make_unique<FillForward>());
}

Result<IndicatorPointer> MakeFillMean(std::span<const double>) {
  return IndicatorPointer(std::make_unique<FillMean>());
}

}  // namespace hone
