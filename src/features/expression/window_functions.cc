#include <array>
#include <cmath>

#include "features/expression/fill.h"
#include "features/expression/functions.h"
#include "features/expression/lag.h"
#include "features/expression/pointwise.h"
#include "features/expression/rolling_quantile.h"
#include "features/indicators/rolling_extreme.h"
#include "features/indicators/rolling_moments.h"
#include "features/indicators/rolling_sum.h"

namespace hone {
namespace {

constexpr std::string_view kInput[] = {"x"};
constexpr std::string_view kOutput[] = {"value"};
constexpr IndicatorParameter kBars[] = {{.name = "n"}};
constexpr IndicatorParameter kTwoBars[] = {{.name = "n", .low = 2}};
constexpr IndicatorParameter kQuantileBars[] = {{.name = "n", .high = kLongestQuantileWindow}};
constexpr IndicatorParameter kProbability[] = {{.name = "n", .high = kLongestQuantileWindow},
                                               {.name = "probability", .low = 0, .high = 1, .whole = false}};
constexpr std::string_view kSource = "the expression language";

// Of a sample, divisor n - 1; exactly 0 where all values are equal.
class RollingDeviation {
 public:
  explicit RollingDeviation(int size) : moments_(size), correction_(size / (size - 1.0)) {}
  double Push(double value) { return moments_.Push(value) ? std::sqrt(moments_.variance() * correction_) : kMissing; }
  int warmup() const { return moments_.size(); }

 private:
  RollingMoments<2> moments_;
  double correction_;
};

constexpr std::array kWindows{
    IndicatorDefinition{"fill_forward", "the last known value", kSource, 1, kInput, {}, kOutput, MakeFillForward},
    IndicatorDefinition{"fill_mean",
                        "x, or where it is missing the mean of its values so far",
                        kSource,
                        1,
                        kInput,
                        {},
                        kOutput,
                        MakeFillMean},
    IndicatorDefinition{"lag", "the value n bars ago; x[n] says the same", kSource, 1, kInput, kBars, kOutput, MakeLag},
    IndicatorDefinition{"rolling_max", "largest of the last n values", kSource, 1, kInput, kBars, kOutput,
                        Make<OneSeries<RollingMax>, int>},
    IndicatorDefinition{"rolling_mean", "mean of the last n values", kSource, 1, kInput, kBars, kOutput,
                        Make<OneSeries<RollingMean>, int>},
    IndicatorDefinition{"rolling_median", "median of the last n values", kSource, 1, kInput, kQuantileBars, kOutput,
                        MakeRollingMedian},
    IndicatorDefinition{"rolling_min", "smallest of the last n values", kSource, 1, kInput, kBars, kOutput,
                        Make<OneSeries<RollingMin>, int>},
    IndicatorDefinition{"rolling_quantile", "quantile of the last n values, linear between order statistics", kSource,
                        1, kInput, kProbability, kOutput, MakeRollingQuantile},
    IndicatorDefinition{"rolling_std", "sample standard deviation of the last n values", kSource, 1, kInput, kTwoBars,
                        kOutput, Make<OneSeries<RollingDeviation>, int>},
    IndicatorDefinition{"rolling_sum", "sum of the last n values", kSource, 1, kInput, kBars, kOutput,
                        Make<OneSeries<RollingSum>, int>},
};

}  // namespace

std::span<const IndicatorDefinition> WindowFunctions() { return kWindows; }

bool HearsOfMissing(const IndicatorDefinition& definition) {
  return definition.make == MakeFillForward || definition.make == MakeFillMean;
}

}  // namespace hone
