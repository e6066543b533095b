// Averages of bars' own ranges: mean, change of the exponential mean, mass index.
#include "features/indicators/definitions.h"
#include "features/indicators/delay.h"
#include "features/indicators/rolling_sum.h"
#include "features/indicators/smoothing.h"

namespace hone {
namespace {

constexpr IndicatorParameter kCviPeriods[] = {{.name = "period"}, {.name = "change"}};
constexpr IndicatorParameter kMassPeriods[] = {{.name = "smoothing"}, {.name = "period"}};

class Adr final : public SteppedIndicator<Adr, 2, 1> {
 public:
  explicit Adr(int period) : mean_(period) {}
  Row<1> Step(const Row<2>& in) { return {mean_.Push(in[0] - in[1])}; }
  int warmup() const override { return mean_.warmup(); }

 private:
  RollingMean mean_;
};

class Cvi final : public SteppedIndicator<Cvi, 2, 1> {
 public:
  Cvi(int period, int change) : mean_(period), past_(change) {}
  Row<1> Step(const Row<2>& in) {
    const double now = mean_.Push(in[0] - in[1]), past = past_.Push(now);
    return {past == 0 ? 0 : (now / past - 1) * 100};
  }
  int warmup() const override { return mean_.warmup() + past_.warmup() - 1; }

 private:
  ExponentialMean mean_;
  Delay past_;
};

class Massi final : public SteppedIndicator<Massi, 2, 1> {
 public:
  Massi(int smoothing, int period) : once_(smoothing), twice_(smoothing), sum_(period) {}
  Row<1> Step(const Row<2>& in) {
    const double once = once_.Push(in[0] - in[1]), twice = twice_.Push(once);
    return {sum_.Push(twice == 0 ? 1 : once / twice)};
  }
  int warmup() const override { return 2 * once_.warmup() + sum_.warmup() - 2; }

 private:
  ExponentialMean once_, twice_;
  RollingSum sum_;
};

}  // namespace

constexpr IndicatorDefinition kAdr{.name = "adr",
                                   .description = "mean of high - low over `period` bars",
                                   .source = "TA-Lib ADR",
                                   .inputs = kHighLow,
                                   .parameters = kPeriod,
                                   .outputs = kValue,
                                   .make = Make<Adr, int>};

constexpr IndicatorDefinition kCvi{
    .name = "cvi",
    .description = "change in percent over `change` bars of ema(high - low, period); 0 where the older is 0",
    .source = "TA-Lib CVI; Chaikin",
    .inputs = kHighLow,
    .parameters = kCviPeriods,
    .outputs = kValue,
    .make = Make<Cvi, int, int>};

constexpr IndicatorDefinition kMassi{
    .name = "massi",
    .description = "sum over `period` bars of ema(high - low) / ema(ema(high - low)), 1 a bar where there is no range",
    .source = "TA-Lib MASSI; Dorsey 1992",
    .inputs = kHighLow,
    .parameters = kMassPeriods,
    .outputs = kValue,
    .make = Make<Massi, int, int>};

}  // namespace hone
