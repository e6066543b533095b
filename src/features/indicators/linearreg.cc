// Least squares line through the last n values: its end, start, slope, angle and forecast.
#include <cmath>
#include <numbers>

#include "features/indicators/definitions.h"
#include "features/indicators/rolling_line.h"

namespace hone {
namespace {

template <auto kAnswer>
class LineOf {
 public:
  explicit LineOf(int period) : line_(period) {}
  double Push(double value) { return line_.Push(value) ? kAnswer(line_) : kNone; }
  int warmup() const { return line_.size(); }

 private:
  RollingLine line_;
};

double End(const RollingLine& line) { return line.At(line.size() - 1); }
double Start(const RollingLine& line) { return line.At(0); }
double Forecast(const RollingLine& line) { return line.At(line.size()); }
double Slope(const RollingLine& line) { return line.slope(); }
double Angle(const RollingLine& line) { return std::atan(line.slope()) * (180 / std::numbers::pi); }

}  // namespace

constexpr IndicatorDefinition kLinearreg{.name = "linearreg",
                                         .description = "the line at the newest value",
                                         .source = "TA-Lib LINEARREG",
                                         .inputs = kSeries,
                                         .parameters = kPeriodFrom2,
                                         .outputs = kValue,
                                         .make = Make<OneSeries<LineOf<End>>, int>};

constexpr IndicatorDefinition kLinearregAngle{.name = "linearreg_angle",
                                              .description = "arc tangent of the slope, degrees",
                                              .source = "TA-Lib LINEARREG_ANGLE",
                                              .inputs = kSeries,
                                              .parameters = kPeriodFrom2,
                                              .outputs = kValue,
                                              .make = Make<OneSeries<LineOf<Angle>>, int>};

constexpr IndicatorDefinition kLinearregIntercept{.name = "linearreg_intercept",
                                                  .description = "the line at the oldest value",
                                                  .source = "TA-Lib LINEARREG_INTERCEPT",
                                                  .inputs = kSeries,
                                                  .parameters = kPeriodFrom2,
                                                  .outputs = kValue,
                                                  .make = Make<OneSeries<LineOf<Start>>, int>};

constexpr IndicatorDefinition kLinearregSlope{.name = "linearreg_slope",
                                              .description = "slope of the line, units per bar",
                                              .source = "TA-Lib LINEARREG_SLOPE",
                                              .inputs = kSeries,
                                              .parameters = kPeriodFrom2,
                                              .outputs = kValue,
                                              .make = Make<OneSeries<LineOf<Slope>>, int>};

constexpr IndicatorDefinition kTsf{.name = "tsf",
                                   .description = "time series forecast: the line one bar after the newest value",
                                   .source = "TA-Lib TSF",
                                   .inputs = kSeries,
                                   .parameters = kPeriodFrom2,
                                   .outputs = kValue,
                                   .make = Make<OneSeries<LineOf<Forecast>>, int>};

}  // namespace hone
