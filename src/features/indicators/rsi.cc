#include <algorithm>

#include "features/indicators/five.h"

namespace hone {
namespace {

class Rsi final : public SteppedIndicator<Rsi, 1, 1> {
 public:
  explicit Rsi(double n) : n_(n) {}
  std::array<double, 1> Step(const std::array<double, 1>& in) {
    constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
    const double change = in[0] - last_;
    last_ = in[0];
    if (seen_++ == 0) return {kNone};
    const double up = std::max(change, 0.0), down = std::max(-change, 0.0);
    if (seen_ <= n_ + 1) {
      up_ += up / n_;
      down_ += down / n_;
      if (seen_ <= n_) return {kNone};
    } else {
      up_ = (up_ * (n_ - 1) + up) / n_;
      down_ = (down_ * (n_ - 1) + down) / n_;
    }
    return {up_ + down_ > 0 ? 100 * (up_ / (up_ + down_)) : 0};
  }
  int warmup() const override { return static_cast<int>(n_) + 1; }

 private:
  double n_, seen_ = 0, last_ = 0, up_ = 0, down_ = 0;
};

constexpr std::string_view kInputs[] = {"x"}, kOutputs[] = {"rsi"};
constexpr IndicatorParameter kParameters[] = {{.name = "n", .low = 2}};

}  // namespace

const IndicatorDefinition kRsi{
    "rsi",
    "relative strength index, 0 to 100",
    "Wilder (1978), TA-Lib",
    1,
    kInputs,
    kParameters,
    kOutputs,
    [](std::span<const double> p) -> Result<IndicatorPointer> { return IndicatorPointer(new Rsi(p[0])); }};

}  // namespace hone
