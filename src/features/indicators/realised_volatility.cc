// Sums over log returns: realised variance (Andersen and Bollerslev 1998) and bipower variation (Barndorff-Nielsen and
// Shephard 2004), which a single jump hardly moves. Values above 0; a return that is not a number is passed over.
#include <cmath>
#include <numbers>

#include "features/indicators/definitions.h"
#include "features/indicators/rolling_sum.h"

namespace hone {
namespace {

class LogReturns {
 public:
  double Push(double value) {
    const double change = std::log(value / last_);
    last_ = value;
    return std::isfinite(change) ? change : kNone;
  }
  int warmup() const { return 2; }

 private:
  double last_ = kNone;
};

template <bool kRoot>
class RealisedVariance {
 public:
  explicit RealisedVariance(int period) : sum_(period) {}
  double Push(double value) {
    const double change = returns_.Push(value), sum = sum_.Push(change * change);
    return kRoot ? std::sqrt(sum) : sum;
  }
  int warmup() const { return sum_.warmup() + 1; }

 private:
  LogReturns returns_;
  RollingSum sum_;
};

class BipowerVariation {
 public:
  explicit BipowerVariation(int period) : sum_(period - 1) {}
  double Push(double value) {
    const double last = change_;
    change_ = returns_.Push(value);
    return std::numbers::pi / 2 * sum_.Push(std::abs(change_ * last));
  }
  int warmup() const { return sum_.warmup() + 2; }

 private:
  LogReturns returns_;
  RollingSum sum_;
  double change_ = kNone;
};

}  // namespace

constexpr IndicatorDefinition kLogReturn{.name = "log_return",
                                         .description = "ln(value / last value)",
                                         .source = "definition",
                                         .inputs = kSeries,
                                         .parameters = {},
                                         .outputs = kValue,
                                         .make = Make<OneSeries<LogReturns>>};

constexpr IndicatorDefinition kRealisedVariance{.name = "realised_variance",
                                                .description = "sum of the last `period` squared log returns",
                                                .source = "Andersen and Bollerslev 1998",
                                                .inputs = kSeries,
                                                .parameters = kPeriod,
                                                .outputs = kValue,
                                                .make = Make<OneSeries<RealisedVariance<false>>, int>};

constexpr IndicatorDefinition kRealisedVolatility{.name = "realised_volatility",
                                                  .description = "root of realised_variance",
                                                  .source = "Andersen and Bollerslev 1998",
                                                  .inputs = kSeries,
                                                  .parameters = kPeriod,
                                                  .outputs = kValue,
                                                  .make = Make<OneSeries<RealisedVariance<true>>, int>};

constexpr IndicatorDefinition kBipowerVariation{
    .name = "bipower_variation",
    .description = "pi / 2 times the sum of abs(r) abs(last r) over the last `period` log returns",
    .source = "Barndorff-Nielsen and Shephard 2004",
    .inputs = kSeries,
    .parameters = kPeriodFrom2,
    .outputs = kValue,
    .make = Make<OneSeries<BipowerVariation>, int>};

}  // namespace hone
