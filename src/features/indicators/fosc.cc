// Forecast oscillator (Chande and Kroll 1994).
#include <cmath>

#include "features/indicators/definitions.h"
#include "features/indicators/rolling_line.h"

namespace hone {
namespace {

class Fosc {
 public:
  explicit Fosc(int period) : line_(period) {}
  double Push(double value) {
    const double forecast = forecast_;
    forecast_ = line_.Push(value) ? line_.At(line_.size()) : kNone;
    if (std::isnan(forecast)) return kNone;
    return value == 0 ? 0 : 100 * (value - forecast) / value;
  }
  int warmup() const { return line_.size() + 1; }

 private:
  RollingLine line_;
  double forecast_ = kNone;
};

}  // namespace

constexpr IndicatorDefinition kFosc{.name = "fosc",
                                    .description =
                                        "distance in percent of a value from what the line through the `period` values "
                                        "before forecast; 0 where the value is 0",
                                    .source = "TA-Lib FOSC; Chande and Kroll 1994",
                                    .inputs = kSeries,
                                    .parameters = kPeriodFrom2,
                                    .outputs = kValue,
                                    .make = Make<OneSeries<Fosc>, int>};

}  // namespace hone
