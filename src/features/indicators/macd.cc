#include <algorithm>

#include "features/indicators/five.h"
#include "features/indicators/moving_averages.h"

namespace hone {
namespace {

// Both averages give their first value at the bar of the slower, as TA-Lib starts them.
class Macd final : public SteppedIndicator<Macd, 1, 3> {
 public:
  Macd(int fast, int slow, int signal)
      : fast_(fast), slow_(slow), signal_(signal), skip_(slow - fast), warmup_(slow + signal - 1) {}
  std::array<double, 3> Step(const std::array<double, 1>& in) {
    constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
    const double slow = slow_.Update(in[0]);
    if (skip_ > 0) {
      --skip_;
      return {kNone, kNone, kNone};
    }
    const double macd = fast_.Update(in[0]) - slow;
    if (macd != macd) return {kNone, kNone, kNone};
    const double signal = signal_.Update(macd);
    if (signal != signal) return {kNone, kNone, kNone};
    return {macd, signal, macd - signal};
  }
  int warmup() const override { return warmup_; }

 private:
  ExponentialMean fast_, slow_, signal_;
  int skip_, warmup_;
};

constexpr std::string_view kInputs[] = {"x"}, kOutputs[] = {"macd", "macdsignal", "macdhist"};
constexpr IndicatorParameter kParameters[] = {
    {.name = "fast", .low = 2}, {.name = "slow", .low = 2}, {.name = "signal"}};

}  // namespace

const IndicatorDefinition kMacd{
    "macd",
    "difference of two exponential means, its exponential mean, and their difference",
    "TA-Lib",
    1,
    kInputs,
    kParameters,
    kOutputs,
    [](std::span<const double> p) -> Result<IndicatorPointer> {
      if (p[0] >= p[1]) {
        return Error{ErrorCode::kInvalidArgument, "fast must be less than slow", "", 0, ""};
      }
      return IndicatorPointer(new Macd(static_cast<int>(p[0]), static_cast<int>(p[1]), static_cast<int>(p[2])));
    }};

}  // namespace hone
