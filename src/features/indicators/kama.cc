// Kaufman's adaptive moving average: fast where prices go one way, slow where they go to and fro.
#include <algorithm>
#include <cmath>

#include "features/indicators/definitions.h"
#include "features/indicators/delay.h"
#include "features/indicators/rolling_sum.h"

namespace hone {
namespace {

constexpr double kFastest = 2.0 / (2 + 1), kSlowest = 2.0 / (30 + 1);

// |change over n bars| / sum of |changes of one bar|, 1 where nothing moved.
class Efficiency {
 public:
  explicit Efficiency(int period) : path_(period), past_(period) {}
  double Push(double value) {
    const double change = value - past_.Push(value);
    const double path = path_.Push(std::abs(change_.Push(value)));
    return path > 0 ? std::abs(change) / std::max(path, std::abs(change)) : path == 0 ? 1 : kNone;
  }
  int warmup() const { return past_.warmup(); }

 private:
  Change change_;
  RollingSum path_;
  Delay past_;
};

class Kama {
 public:
  explicit Kama(int period) : efficiency_(period) {}
  double Push(double value) {
    const double efficiency = efficiency_.Push(value);
    if (std::isnan(efficiency)) {
      mean_ = value;
      return kNone;
    }
    const double root = efficiency * (kFastest - kSlowest) + kSlowest;
    return mean_ += root * root * (value - mean_);
  }
  int warmup() const { return efficiency_.warmup(); }

 private:
  Efficiency efficiency_;
  double mean_ = 0;
};

}  // namespace

constexpr IndicatorDefinition kEr{
    .name = "er",
    .description =
        "efficiency ratio: abs(change over `period` bars) / sum of abs(changes) of one bar, 0 to 1; 1 without movement",
    .source = "TA-Lib ER; Kaufman 1995",
    .inputs = kSeries,
    .parameters = kPeriodFrom2,
    .outputs = kValue,
    .make = Make<OneSeries<Efficiency>, int>};

constexpr IndicatorDefinition kKama{
    .name = "kama",
    .description = "kama += (er (2/3 - 2/31) + 2/31)^2 (value - kama), started at the value before the first",
    .source = "TA-Lib KAMA; Kaufman 1995",
    .inputs = kSeries,
    .parameters = kPeriodFrom2,
    .outputs = kValue,
    .make = Make<OneSeries<Kama>, int>};

}  // namespace hone
