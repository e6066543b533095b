// Bollinger bands (2001) and z-score: distance from the mean in standard deviations.
#include <cmath>

#include "features/indicators/definitions.h"
#include "features/indicators/rolling_moments.h"

namespace hone {
namespace {

constexpr std::string_view kBbandsOutputs[] = {"upperband", "middleband", "lowerband"};
constexpr IndicatorParameter kBbandsParameters[] = {{.name = "period", .low = 2},
                                                    {.name = "up", .low = -1000, .high = 1000, .whole = false},
                                                    {.name = "down", .low = -1000, .high = 1000, .whole = false}};

class Bbands final : public SteppedIndicator<Bbands, 1, 3> {
 public:
  Bbands(int period, double up, double down) : moments_(period), up_(up), down_(down) {}
  Row<3> Step(const Row<1>& in) {
    if (!moments_.Push(in[0])) return NoRow<3>();
    const double mean = moments_.mean(), deviation = std::sqrt(moments_.variance());
    return {mean + up_ * deviation, mean, mean - down_ * deviation};
  }
  int warmup() const override { return moments_.size(); }

 private:
  RollingMoments<2> moments_;
  double up_, down_;
};

class Zscore {
 public:
  explicit Zscore(int period) : moments_(period) {}
  double Push(double value) {
    if (!moments_.Push(value)) return kNone;
    const double variance = moments_.variance();
    return variance > 0 ? (value - moments_.mean()) / std::sqrt(variance) : 0;
  }
  int warmup() const { return moments_.size(); }

 private:
  RollingMoments<2> moments_;
};

}  // namespace

constexpr IndicatorDefinition kBbands{
    .name = "bbands",
    .description = "mean of `period` values, `up` population standard deviations above and `down` below",
    .source = "TA-Lib BBANDS; Bollinger 2001",
    .inputs = kSeries,
    .parameters = kBbandsParameters,
    .outputs = kBbandsOutputs,
    .make = Make<Bbands, int, double, double>};

constexpr IndicatorDefinition kZscore{
    .name = "zscore",
    .description = "(value - mean) / population standard deviation of the last `period` values; 0 without movement",
    .source = "standard score",
    .inputs = kSeries,
    .parameters = kPeriodFrom2,
    .outputs = kValue,
    .make = Make<OneSeries<Zscore>, int>};

}  // namespace hone
