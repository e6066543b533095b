// Period, phase, sine wave, trend line and trend mode of the dominant cycle (Ehlers 2001).
#include <algorithm>
#include <cmath>
#include <numbers>

#include "features/indicators/definitions.h"
#include "features/indicators/hilbert.h"

namespace hone {
namespace {

constexpr std::string_view kPhasor[] = {"inphase", "quadrature"}, kSines[] = {"sine", "leadsine"};
constexpr double kDegree = std::numbers::pi / 180;
constexpr int kShort = 33, kLong = 64;            // bars until the first value
constexpr int kShortFirst = 12, kLongFirst = 37;  // bars that only fill the price smoother

// The phase of the smoothed price at the dominant cycle's period, degrees, -45 to 315.
class CyclePhase {
 public:
  bool Push(double price) {
    if (bars_ < kLong) ++bars_;
    if (!cycle_.Push(price)) return false;
    smoothed_.Push(cycle_.smoothed());
    last_phase_ = phase_;
    Measure();
    return true;
  }
  bool known() const { return bars_ == kLong; }
  double phase() const { return phase_; }
  double last_phase() const { return last_phase_; }
  double sine() const { return std::sin(phase_ * kDegree); }
  double lead_sine() const { return std::sin((phase_ + 45) * kDegree); }
  const DominantCycle& cycle() const { return cycle_; }
  int period() const { return static_cast<int>(cycle_.smooth_period() + 0.5); }

 private:
  void Measure() {
    double real = 0, imaginary = 0;
    for (int i = 0; i < period(); ++i) {
      const double angle = i * 2 * std::numbers::pi / period(), price = smoothed_[static_cast<std::size_t>(i)];
      real += std::sin(angle) * price;
      imaginary += std::cos(angle) * price;
    }
    if (imaginary != 0) {
      phase_ = std::atan(real / imaginary) / kDegree;
    } else if (real != 0) {
      phase_ += real < 0 ? -90 : 90;
    }
    phase_ += 90 + 360 / cycle_.smooth_period();  // the smoother lags one bar
    if (imaginary < 0) phase_ += 180;
    if (phase_ > 315) phase_ -= 360;
  }

  DominantCycle cycle_{kLongFirst};
  Recent<50> smoothed_;
  double phase_ = 0, last_phase_ = 0;
  int bars_ = 0;
};

// Mean price over the dominant cycle, smoothed by four bars.
class TrendLine {
 public:
  double Push(const DominantCycle& cycle, int period) {
    double sum = 0;
    for (int i = 0; i < period; ++i) sum += cycle.price(static_cast<std::size_t>(i));
    means_.Push(period > 0 ? sum / period : 0);
    return (4 * means_[0] + 3 * means_[1] + 2 * means_[2] + means_[3]) / 10;
  }

 private:
  Recent<4> means_;
};

template <bool kPhases>
class OfCycle final : public SteppedIndicator<OfCycle<kPhases>, 1, kPhases ? 2 : 1> {
 public:
  Row<kPhases ? 2 : 1> Step(const Row<1>& in) {
    if (bars_ < kShort) ++bars_;
    cycle_.Push(in[0]);
    if (bars_ < kShort) return NoRow < kPhases ? 2 : 1 > ();
    if constexpr (kPhases) {
      return {cycle_.in_phase(), cycle_.quadrature()};
    } else {
      return {cycle_.smooth_period()};
    }
  }
  int warmup() const override { return kShort; }

 private:
  DominantCycle cycle_{kShortFirst};
  int bars_ = 0;
};

class HtDcphase final : public SteppedIndicator<HtDcphase, 1, 1> {
 public:
  Row<1> Step(const Row<1>& in) {
    phase_.Push(in[0]);
    return {phase_.known() ? phase_.phase() : kNone};
  }
  int warmup() const override { return kLong; }

 private:
  CyclePhase phase_;
};

class HtSine final : public SteppedIndicator<HtSine, 1, 2> {
 public:
  Row<2> Step(const Row<1>& in) {
    phase_.Push(in[0]);
    return phase_.known() ? Row<2>{phase_.sine(), phase_.lead_sine()} : NoRow<2>();
  }
  int warmup() const override { return kLong; }

 private:
  CyclePhase phase_;
};

class HtTrendline final : public SteppedIndicator<HtTrendline, 1, 1> {
 public:
  Row<1> Step(const Row<1>& in) {
    if (bars_ < kLong) ++bars_;
    if (!cycle_.Push(in[0])) return {kNone};
    const double line = line_.Push(cycle_, static_cast<int>(cycle_.smooth_period() + 0.5));
    return {bars_ < kLong ? kNone : line};
  }
  int warmup() const override { return kLong; }

 private:
  DominantCycle cycle_{kLongFirst};
  TrendLine line_;
  int bars_ = 0;
};

class HtTrendmode final : public SteppedIndicator<HtTrendmode, 1, 1> {
 public:
  Row<1> Step(const Row<1>& in) {
    if (!phase_.Push(in[0])) return {kNone};
    const bool trend = Trend();
    return {phase_.known() ? (trend ? 1.0 : 0.0) : kNone};
  }
  int warmup() const override { return kLong; }

 private:
  // A trend unless the sine wave crossed within half a cycle or the phase turns as fast as the cycle; always one where
  // the price is 1.5% off the trend line.
  bool Trend() {
    const double line = line_.Push(phase_.cycle(), phase_.period()), period = phase_.cycle().smooth_period();
    const double sine = phase_.sine(), lead = phase_.lead_sine();
    const bool crossed = (sine > lead && sine_ <= lead_) || (sine < lead && sine_ >= lead_);
    sine_ = sine;
    lead_ = lead;
    bars_in_trend_ = crossed ? 1 : bars_in_trend_ + 1;
    const double turn = phase_.phase() - phase_.last_phase(), pace = 360 / period;
    const bool cycles = crossed || bars_in_trend_ < period / 2 || (turn > 0.67 * pace && turn < 1.5 * pace);
    return !cycles || (line != 0 && std::abs((phase_.cycle().smoothed() - line) / line) >= 0.015);
  }

  CyclePhase phase_;
  TrendLine line_;
  double sine_ = 0, lead_ = 0, bars_in_trend_ = 0;
};

}  // namespace

constexpr IndicatorDefinition kHtDcperiod{.name = "ht_dcperiod",
                                          .description = "period of the dominant cycle, bars",
                                          .source = "TA-Lib HT_DCPERIOD; Ehlers 2001",
                                          .inputs = kSeries,
                                          .parameters = {},
                                          .outputs = kValue,
                                          .make = Make<OfCycle<false>>};

constexpr IndicatorDefinition kHtPhasor{.name = "ht_phasor",
                                        .description = "in-phase and quadrature part of the detrended price",
                                        .source = "TA-Lib HT_PHASOR; Ehlers 2001",
                                        .inputs = kSeries,
                                        .parameters = {},
                                        .outputs = kPhasor,
                                        .make = Make<OfCycle<true>>};

constexpr IndicatorDefinition kHtDcphase{.name = "ht_dcphase",
                                         .description = "phase of the dominant cycle, degrees, -45 to 315",
                                         .source = "TA-Lib HT_DCPHASE; Ehlers 2001",
                                         .inputs = kSeries,
                                         .parameters = {},
                                         .outputs = kValue,
                                         .make = Make<HtDcphase>};

constexpr IndicatorDefinition kHtSine{.name = "ht_sine",
                                      .description = "sine of the phase, and of the phase 45 degrees on",
                                      .source = "TA-Lib HT_SINE; Ehlers 2001",
                                      .inputs = kSeries,
                                      .parameters = {},
                                      .outputs = kSines,
                                      .make = Make<HtSine>};

constexpr IndicatorDefinition kHtTrendline{
    .name = "ht_trendline",
    .description = "mean price over the dominant cycle, smoothed with weights 4, 3, 2, 1",
    .source = "TA-Lib HT_TRENDLINE; Ehlers 2001",
    .inputs = kSeries,
    .parameters = {},
    .outputs = kValue,
    .make = Make<HtTrendline>};

constexpr IndicatorDefinition kHtTrendmode{
    .name = "ht_trendmode",
    .description = "1 in a trend, 0 in a cycle, by sine wave, phase and distance from the trend line",
    .source = "TA-Lib HT_TRENDMODE; Ehlers 2001",
    .inputs = kSeries,
    .parameters = {},
    .outputs = kValue,
    .make = Make<HtTrendmode>};

}  // namespace hone
