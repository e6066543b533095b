// Chaikin's accumulation and distribution, its oscillator and its flow over a window.
#include <algorithm>

#include "features/indicators/definitions.h"
#include "features/indicators/money_flow.h"
#include "features/indicators/rolling_sum.h"

namespace hone {
namespace {

class Ad final : public SteppedIndicator<Ad, 4, 1> {
 public:
  Row<1> Step(const Row<4>& in) { return {total_ += MoneyFlow(in)}; }
  int warmup() const override { return 1; }

 private:
  double total_ = 0;
};

// Both means start at the first total.
class Adosc final : public SteppedIndicator<Adosc, 4, 1> {
 public:
  Adosc(int fast, int slow)
      : fast_weight_(2.0 / (fast + 1.0)), slow_weight_(2.0 / (slow + 1.0)), warmup_(std::max(fast, slow)) {}
  Row<1> Step(const Row<4>& in) {
    total_ += MoneyFlow(in);
    if (bars_ == 0) fast_ = slow_ = total_;
    fast_ += fast_weight_ * (total_ - fast_);
    slow_ += slow_weight_ * (total_ - slow_);
    if (bars_ < warmup_) ++bars_;
    return {bars_ < warmup_ ? kNone : fast_ - slow_};
  }
  int warmup() const override { return warmup_; }

 private:
  double fast_weight_, slow_weight_, total_ = 0, fast_ = 0, slow_ = 0;
  int warmup_, bars_ = 0;
};

class Cmf final : public SteppedIndicator<Cmf, 4, 1> {
 public:
  explicit Cmf(int period) : flow_(period), volume_(period) {}
  Row<1> Step(const Row<4>& in) {
    const double flow = flow_.Push(MoneyFlow(in)), volume = volume_.Push(in[3]);
    return {volume == 0 ? 0 : flow / volume};
  }
  int warmup() const override { return volume_.warmup(); }

 private:
  RollingSum flow_, volume_;
};

}  // namespace

constexpr IndicatorDefinition kAd{
    .name = "ad",
    .description = "sum of money flows: volume ((close - low) - (high - close)) / (high - low), 0 without range",
    .source = "TA-Lib AD; Chaikin",
    .inputs = kHighLowCloseVolume,
    .parameters = {},
    .outputs = kValue,
    .make = Make<Ad>};

constexpr IndicatorDefinition kAdosc{.name = "adosc",
                                     .description = "ema(ad, fast) - ema(ad, slow), both started at the first ad",
                                     .source = "TA-Lib ADOSC; Chaikin",
                                     .inputs = kHighLowCloseVolume,
                                     .parameters = kFastSlow,
                                     .outputs = kValue,
                                     .make = Make<Adosc, int, int>};

constexpr IndicatorDefinition kCmf{
    .name = "cmf",
    .description = "sum of money flows / sum of volumes over `period` bars; 0 without volume",
    .source = "TA-Lib CMF; Chaikin",
    .inputs = kHighLowCloseVolume,
    .parameters = kPeriodFrom2,
    .outputs = kValue,
    .make = Make<Cmf, int>};

}  // namespace hone
