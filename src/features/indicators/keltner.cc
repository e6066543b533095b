// Keltner channels: an exponential mean and average true ranges around it.
#include <algorithm>

#include "features/indicators/definitions.h"
#include "features/indicators/smoothing.h"
#include "features/indicators/true_range.h"

namespace hone {
namespace {

constexpr IndicatorParameter kKeltnerParameters[] = {
    {.name = "period"}, {.name = "atr_period"}, {.name = "width", .low = 0, .high = 1000, .whole = false}};

// kTypical: mean of (high + low + close) / 3 instead of closes, and both means have their first value at the same bar.
template <bool kTypical>
class Keltner final : public SteppedIndicator<Keltner<kTypical>, 3, 3> {
 public:
  Keltner(int period, int atr_period, double width)
      : warmup_(std::max(period, atr_period + 1)),
        middle_(period, 2.0 / (period + 1.0), kTypical ? warmup_ - period : 0),
        range_(atr_period, 1.0 / atr_period, kTypical ? warmup_ - atr_period - 1 : 0),
        width_(width) {}
  Row<3> Step(const Row<3>& in) {
    const double middle = middle_.Push(kTypical ? (in[0] + in[1] + in[2]) / 3 : in[2]);
    const double half = width_ * range_.Push(true_range_.Push(in[0], in[1], in[2]));
    return OnceKnown<3>({middle + half, std::isnan(half) ? kNone : middle, middle - half});
  }
  int warmup() const override { return warmup_; }

 private:
  int warmup_;
  TrueRange true_range_;
  ExponentialMean middle_, range_;
  double width_;
};

}  // namespace

constexpr IndicatorDefinition kKeltner{
    .name = "keltner",
    .description = "ema(close, period) and atr(atr_period) times `width` above and below",
    .source = "Raschke; github.com/DaveSkender/Stock.Indicators Keltner",
    .inputs = kHighLowClose,
    .parameters = kKeltnerParameters,
    .outputs = kBands,
    .make = Make<Keltner<false>, int, int, double>};

constexpr IndicatorDefinition kKc{.name = "kc",
                                  .description =
                                      "ema of (high + low + close) / 3 and atr(atr_period) times `width` above and "
                                      "below; both have their first value at the same bar",
                                  .source = "TA-Lib KC",
                                  .inputs = kHighLowClose,
                                  .parameters = kKeltnerParameters,
                                  .outputs = kBands,
                                  .make = Make<Keltner<true>, int, int, double>};

}  // namespace hone
