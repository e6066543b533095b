// Parabolic stop and reverse (Wilder 1978), and TA-Lib's extended one with a pace for each side.
#include <algorithm>

#include "features/indicators/definitions.h"

namespace hone {
namespace {

constexpr double kLargest = 1e9;
constexpr IndicatorParameter kPaces[] = {{.name = "acceleration", .low = 0, .high = kLargest, .whole = false},
                                         {.name = "maximum", .low = 0, .high = kLargest, .whole = false}};
constexpr IndicatorParameter kSidePaces[] = {
    {.name = "start", .low = -kLargest, .high = kLargest, .whole = false},
    {.name = "offset", .low = 0, .high = kLargest, .whole = false},
    {.name = "long_initial", .low = 0, .high = kLargest, .whole = false},
    {.name = "long_step", .low = 0, .high = kLargest, .whole = false},
    {.name = "long_maximum", .low = 0, .high = kLargest, .whole = false},
    {.name = "short_initial", .low = 0, .high = kLargest, .whole = false},
    {.name = "short_step", .low = 0, .high = kLargest, .whole = false},
    {.name = "short_maximum", .low = 0, .high = kLargest, .whole = false},
};

struct Pace {
  double initial, step, maximum;
  static Pace Within(double initial, double step, double maximum) {
    initial = std::min(initial, maximum);
    return {initial, std::min(step, maximum), maximum};
  }
};

// Below the prices while they rise (long, side 1), above while they fall (short, -1). A short one is the long one of
// mirrored prices, so both sides are one piece of code.
class Stop {
 public:
  Stop(Pace rising, Pace falling, double start, double offset)
      : paces_{falling, rising}, start_(start), offset_(offset) {}
  // NaN for the first bar.
  double Push(double high, double low) {
    const double last_high = last_high_, last_low = last_low_;
    last_high_ = high;
    last_low_ = low;
    if (std::isnan(last_high)) return kNone;
    if (!started_) return Start(high, low, last_high, last_low);
    return Follow(high, low, last_high, last_low);
  }
  double side() const { return side_; }

 private:
  double Start(double high, double low, double last_high, double last_low) {
    started_ = true;
    const double up = high - last_high, down = last_low - low;
    side_ = start_ > 0 ? 1 : start_ < 0 ? -1 : down > 0 && up < down ? -1 : 1;
    extreme_ = side_ > 0 ? high : low;
    stop_ = start_ != 0 ? std::abs(start_) : side_ > 0 ? last_low : last_high;
    pace_ = pace().initial;
    return Follow(high, low, high, low);
  }

  double Follow(double high, double low, double last_high, double last_low) {
    // Mirrored for a short one: the bar's ends nearer to the stop and farther from it.
    const double near = side_ * (side_ > 0 ? low : high), far = side_ * (side_ > 0 ? high : low);
    const double last_near = side_ * (side_ > 0 ? last_low : last_high);
    if (near <= side_ * stop_) return Turn(high, low, last_high, last_low);
    const double told = stop_;
    if (far > side_ * extreme_) {
      extreme_ = side_ > 0 ? high : low;
      pace_ = std::min(pace_ + pace().step, pace().maximum);
    }
    Advance(std::min(near, last_near));
    return told;
  }

  double Turn(double high, double low, double last_high, double last_low) {
    side_ = -side_;
    const double limit = side_ > 0 ? std::min(last_low, low) : -std::max(last_high, high);
    stop_ = side_ * std::min(side_ * extreme_, limit);
    stop_ -= side_ * stop_ * offset_;
    const double told = stop_;
    pace_ = pace().initial;
    extreme_ = side_ > 0 ? high : low;
    Advance(limit);
    return told;
  }

  // Towards the extreme, but not into the last two bars.
  void Advance(double limit) {
    stop_ += pace_ * (extreme_ - stop_);
    stop_ = side_ * std::min(side_ * stop_, limit);
  }
  const Pace& pace() const { return paces_[side_ > 0 ? 1 : 0]; }

  std::array<Pace, 2> paces_;
  double start_, offset_, side_ = 1, stop_ = 0, extreme_ = 0, pace_ = 0;
  double last_high_ = kNone, last_low_ = kNone;
  bool started_ = false;
};

class Sar final : public SteppedIndicator<Sar, 2, 1> {
 public:
  Sar(double acceleration, double maximum)
      : stop_(Pace::Within(acceleration, acceleration, maximum), Pace::Within(acceleration, acceleration, maximum), 0,
              0) {}
  Row<1> Step(const Row<2>& in) { return {stop_.Push(in[0], in[1])}; }
  int warmup() const override { return 2; }

 private:
  Stop stop_;
};

class Sarext final : public SteppedIndicator<Sarext, 2, 1> {
 public:
  Sarext(double start, double offset, double long_initial, double long_step, double long_maximum, double short_initial,
         double short_step, double short_maximum)
      : stop_(Pace::Within(long_initial, long_step, long_maximum),
              Pace::Within(short_initial, short_step, short_maximum), start, offset) {}
  Row<1> Step(const Row<2>& in) {
    const double stop = stop_.Push(in[0], in[1]);
    return {stop_.side() * stop};
  }
  int warmup() const override { return 2; }

 private:
  Stop stop_;
};

}  // namespace

constexpr IndicatorDefinition kSar{.name = "sar",
                                   .description =
                                       "stop += pace (extreme - stop), outside the last two bars; the pace grows by "
                                       "`acceleration` to `maximum` with each new extreme; turns when touched",
                                   .source = "TA-Lib SAR; Wilder 1978",
                                   .inputs = kHighLow,
                                   .parameters = kPaces,
                                   .outputs = kValue,
                                   .make = Make<Sar, double, double>};

constexpr IndicatorDefinition kSarext{
    .name = "sarext",
    .description =
        "sar with a pace for each side, a first stop (0: by the first move) and a shift at reversals; below 0 while "
        "short",
    .source = "TA-Lib SAREXT",
    .inputs = kHighLow,
    .parameters = kSidePaces,
    .outputs = kValue,
    .make = Make<Sarext, double, double, double, double, double, double, double, double>};

}  // namespace hone
