// Commodity channel index (Lambert 1980) and the mean absolute deviation it divides by.
#include <cmath>

#include "features/indicators/definitions.h"
#include "features/indicators/rolling_sum.h"
#include "features/window.h"

namespace hone {
namespace {

constexpr double kScale = 0.015;  // Lambert's: most values then lie within 100 of zero

// The mean of a window and the mean absolute deviation from it; O(period) per bar, from the window alone.
class Deviation {
 public:
  explicit Deviation(int period) : window_(period), mean_(period) {}
  bool Push(double value) {
    window_.Push(value);
    mean = mean_.Push(value);
    if (!window_.full()) return false;
    double sums[2] = {0, 0};
    const std::span<const double> values = window_.values();
    for (std::size_t i = 0; i + 1 < values.size(); i += 2) {
      for (std::size_t lane = 0; lane < 2; ++lane) sums[lane] += std::abs(values[i + lane] - mean);
    }
    if (values.size() % 2 == 1) sums[0] += std::abs(values.back() - mean);
    absolute = (sums[0] + sums[1]) / static_cast<double>(values.size());
    return true;
  }
  int warmup() const { return mean_.warmup(); }
  double mean = 0, absolute = 0;

 private:
  Window window_;
  RollingMean mean_;
};

class Avgdev {
 public:
  explicit Avgdev(int period) : deviation_(period) {}
  double Push(double value) { return deviation_.Push(value) ? deviation_.absolute : kNone; }
  int warmup() const { return deviation_.warmup(); }

 private:
  Deviation deviation_;
};

class Cci final : public SteppedIndicator<Cci, 3, 1> {
 public:
  explicit Cci(int period) : deviation_(period) {}
  Row<1> Step(const Row<3>& in) {
    const double typical = (in[0] + in[1] + in[2]) / 3;
    if (!deviation_.Push(typical)) return {kNone};
    const double above = typical - deviation_.mean, size = std::abs(typical) + std::abs(deviation_.mean);
    return {IsRounding(above, size) ? 0 : above / (kScale * deviation_.absolute)};
  }
  int warmup() const override { return deviation_.warmup(); }

 private:
  Deviation deviation_;
};

}  // namespace

constexpr IndicatorDefinition kAvgdev{
    .name = "avgdev",
    .description = "mean absolute deviation from the mean of the last `period` values; O(period) per bar",
    .source = "TA-Lib AVGDEV",
    .inputs = kSeries,
    .parameters = kPeriodFrom2,
    .outputs = kValue,
    .make = Make<OneSeries<Avgdev>, int>};

constexpr IndicatorDefinition kCci{.name = "cci",
                                   .description =
                                       "(p - mean p) / (0.015 mean absolute deviation of p), p = (high + low + close) "
                                       "/ 3; 0 without movement; O(period) per bar",
                                   .source = "TA-Lib CCI; Lambert 1980",
                                   .inputs = kHighLowClose,
                                   .parameters = kPeriodFrom2,
                                   .outputs = kValue,
                                   .make = Make<Cci, int>};

}  // namespace hone
