// Differences of two exponential means: absolute, in percent, and of volume.
#include <algorithm>

#include "features/indicators/definitions.h"
#include "features/indicators/smoothing.h"

namespace hone {
namespace {

constexpr std::string_view kVolume[] = {"volume"};

template <bool kPercent>
class PriceOscillator {
 public:
  PriceOscillator(int one, int other) : slow_(std::max(one, other)), fast_(std::min(one, other)) {}
  double Push(double value) {
    const double fast = fast_.Push(value), slow = slow_.Push(value);
    if (!kPercent) return fast - slow;
    return slow == 0 ? 0 : (fast - slow) / slow * 100;
  }
  int warmup() const { return slow_.warmup(); }

 private:
  ExponentialMean slow_, fast_;
};

}  // namespace

constexpr IndicatorDefinition kApo{.name = "apo",
                                   .description = "ema(fast) - ema(slow)",
                                   .source = "TA-Lib APO",
                                   .inputs = kSeries,
                                   .parameters = kFastSlow,
                                   .outputs = kValue,
                                   .make = Make<OneSeries<PriceOscillator<false>>, int, int>};

constexpr IndicatorDefinition kPpo{.name = "ppo",
                                   .description = "100 (ema(fast) - ema(slow)) / ema(slow); 0 where that is 0",
                                   .source = "TA-Lib PPO",
                                   .inputs = kSeries,
                                   .parameters = kFastSlow,
                                   .outputs = kValue,
                                   .make = Make<OneSeries<PriceOscillator<true>>, int, int>};

constexpr IndicatorDefinition kPvo{.name = "pvo",
                                   .description = "ppo of volume",
                                   .source = "TA-Lib PVO",
                                   .inputs = kVolume,
                                   .parameters = kFastSlow,
                                   .outputs = kValue,
                                   .make = Make<OneSeries<PriceOscillator<true>>, int, int>};

}  // namespace hone
