// Exponential means of exponential means: double (Mulloy 1994), triple, and the rate of change of the triple (Hutson
// 1983).
#include "features/indicators/definitions.h"
#include "features/indicators/delay.h"
#include "features/indicators/smoothing.h"

namespace hone {
namespace {

class Dema {
 public:
  explicit Dema(int period) : first_(period), second_(period) {}
  double Push(double value) {
    const double once = first_.Push(value);
    return 2 * once - second_.Push(once);
  }
  int warmup() const { return 2 * first_.warmup() - 1; }

 private:
  ExponentialMean first_, second_;
};

class Tema {
 public:
  explicit Tema(int period) : first_(period), second_(period), third_(period) {}
  double Push(double value) {
    const double once = first_.Push(value), twice = second_.Push(once);
    return 3 * (once - twice) + third_.Push(twice);
  }
  int warmup() const { return 3 * first_.warmup() - 2; }

 private:
  ExponentialMean first_, second_, third_;
};

class Trix {
 public:
  explicit Trix(int period) : first_(period), second_(period), third_(period) {}
  double Push(double value) {
    const double last = now_;
    now_ = third_.Push(second_.Push(first_.Push(value)));
    return last == 0 ? 0 : 100 * (now_ / last - 1);
  }
  int warmup() const { return 3 * first_.warmup() - 1; }

 private:
  ExponentialMean first_, second_, third_;
  double now_ = kNone;
};

}  // namespace

constexpr IndicatorDefinition kDema{.name = "dema",
                                    .description = "2 ema(series) - ema(ema(series))",
                                    .source = "TA-Lib DEMA; Mulloy 1994",
                                    .inputs = kSeries,
                                    .parameters = kPeriod,
                                    .outputs = kValue,
                                    .make = Make<OneSeries<Dema>, int>};

constexpr IndicatorDefinition kTema{.name = "tema",
                                    .description = "3 ema - 3 ema(ema) + ema(ema(ema))",
                                    .source = "TA-Lib TEMA; Mulloy 1994",
                                    .inputs = kSeries,
                                    .parameters = kPeriod,
                                    .outputs = kValue,
                                    .make = Make<OneSeries<Tema>, int>};

constexpr IndicatorDefinition kTrix{
    .name = "trix",
    .description = "change in percent of the triple exponential mean from the bar before; 0 where that was 0",
    .source = "TA-Lib TRIX; Hutson 1983",
    .inputs = kSeries,
    .parameters = kPeriod,
    .outputs = kValue,
    .make = Make<OneSeries<Trix>, int>};

}  // namespace hone
