// Variance and its root over a window.
#include <cmath>

#include "features/indicators/definitions.h"
#include "features/indicators/rolling_moments.h"

namespace hone {
namespace {

constexpr IndicatorParameter kStddevParameters[] = {{.name = "period", .low = 2},
                                                    {.name = "factor", .low = -1000, .high = 1000, .whole = false}};

class Stddev {
 public:
  Stddev(int period, double factor) : moments_(period), factor_(factor) {}
  double Push(double value) { return moments_.Push(value) ? std::sqrt(moments_.variance()) * factor_ : kNone; }
  int warmup() const { return moments_.size(); }

 private:
  RollingMoments<2> moments_;
  double factor_;
};

class Var {
 public:
  explicit Var(int period) : moments_(period) {}
  double Push(double value) { return moments_.Push(value) ? moments_.variance() : kNone; }
  int warmup() const { return moments_.size(); }

 private:
  RollingMoments<2> moments_;
};

}  // namespace

constexpr IndicatorDefinition kStddev{
    .name = "stddev",
    .description = "`factor` times the population standard deviation of the last `period` values",
    .source = "TA-Lib STDDEV",
    .inputs = kSeries,
    .parameters = kStddevParameters,
    .outputs = kValue,
    .make = Make<OneSeries<Stddev>, int, double>};

constexpr IndicatorDefinition kVar{.name = "var",
                                   .description = "population variance of the last `period` values",
                                   .source = "TA-Lib VAR, without its unused factor",
                                   .inputs = kSeries,
                                   .parameters = kPeriod,
                                   .outputs = kValue,
                                   .make = Make<OneSeries<Var>, int>};

}  // namespace hone
