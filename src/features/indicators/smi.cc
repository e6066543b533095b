// Stochastic momentum index (Blau 1993).
#include "features/indicators/definitions.h"
#include "features/indicators/rolling_extreme.h"
#include "features/indicators/smoothing.h"

namespace hone {
namespace {

constexpr std::string_view kSmiOutputs[] = {"smi", "smisignal"};
constexpr IndicatorParameter kSmiParameters[] = {
    {.name = "period", .low = 2}, {.name = "fast", .low = 2}, {.name = "slow", .low = 2}, {.name = "signal", .low = 2}};

class Smi final : public SteppedIndicator<Smi, 3, 2> {
 public:
  Smi(int period, int fast, int slow, int signal)
      : highest_(period),
        lowest_(period),
        places_{ExponentialMean(slow), ExponentialMean(fast)},
        ranges_(places_),
        signal_(signal) {}
  Row<2> Step(const Row<3>& in) {
    const double high = highest_.Push(in[0]), low = lowest_.Push(in[1]);
    const double place = places_[1].Push(places_[0].Push(in[2] - (high + low) / 2));
    const double range = ranges_[1].Push(ranges_[0].Push(high - low));
    const double index = range == 0 ? 0 : 200 * (place / range);
    return OnceKnown<2>({index, signal_.Push(index)});
  }
  int warmup() const override {
    return highest_.warmup() + places_[0].warmup() + places_[1].warmup() + signal_.warmup() - 3;
  }

 private:
  RollingMax highest_;
  RollingMin lowest_;
  std::array<ExponentialMean, 2> places_, ranges_;
  ExponentialMean signal_;
};

}  // namespace

constexpr IndicatorDefinition kSmi{.name = "smi",
                                   .description =
                                       "200 ema(ema(close - middle of the range of `period` bars, slow), fast) / the "
                                       "same of the range (0 without range), and its ema over `signal` bars",
                                   .source = "TA-Lib SMI; Blau 1993",
                                   .inputs = kHighLowClose,
                                   .parameters = kSmiParameters,
                                   .outputs = kSmiOutputs,
                                   .make = Make<Smi, int, int, int, int>};

}  // namespace hone
