// Directional movement index, its average and rating (Wilder 1978).
#include <cmath>

#include "features/indicators/definitions.h"
#include "features/indicators/delay.h"
#include "features/indicators/directional_movement.h"

namespace hone {
namespace {

class DirectionalIndex {
 public:
  explicit DirectionalIndex(int period) : movement_(period), period_(period) {}
  // 100 |plus - minus| / (plus + minus); NaN where there is neither, or not yet period + 1 bars.
  double Push(const Row<3>& bar) {
    movement_.Push(bar[0], bar[1], bar[2]);
    if (!known() || movement_.range() == 0) return kNone;
    const double plus = movement_.plus(), minus = movement_.minus();
    return plus + minus == 0 ? kNone : 100 * (std::abs(minus - plus) / (plus + minus));
  }
  bool known() const { return movement_.bars() > period_; }
  int period() const { return period_; }

 private:
  DirectionalMovement movement_;
  int period_;
};

class Dx final : public SteppedIndicator<Dx, 3, 1> {
 public:
  explicit Dx(int period) : index_(period) {}
  Row<1> Step(const Row<3>& in) {
    const double index = index_.Push(in);
    if (!std::isnan(index)) last_ = index;
    return {index_.known() ? last_ : kNone};
  }
  int warmup() const override { return index_.period() + 1; }

 private:
  DirectionalIndex index_;
  double last_ = 0;
};

// Bars without movement leave it as it is, and count in its start.
class AverageIndex {
 public:
  explicit AverageIndex(int period) : index_(period) {}
  double Push(const Row<3>& bar) {
    const double index = index_.Push(bar);
    if (!index_.known()) return kNone;
    const int period = index_.period();
    if (seen_ < period) {
      sum_ += std::isnan(index) ? 0 : index;
      if (++seen_ < period) return kNone;
      return average_ = sum_ / period;
    }
    if (!std::isnan(index)) average_ = (average_ * (period - 1) + index) / period;
    return average_;
  }
  int warmup() const { return 2 * index_.period(); }

 private:
  DirectionalIndex index_;
  int seen_ = 0;
  double sum_ = 0, average_ = 0;
};

class Adx final : public SteppedIndicator<Adx, 3, 1> {
 public:
  explicit Adx(int period) : average_(period) {}
  Row<1> Step(const Row<3>& in) { return {average_.Push(in)}; }
  int warmup() const override { return average_.warmup(); }

 private:
  AverageIndex average_;
};

class Adxr final : public SteppedIndicator<Adxr, 3, 1> {
 public:
  explicit Adxr(int period) : average_(period), past_(period - 1) {}
  Row<1> Step(const Row<3>& in) {
    const double average = average_.Push(in);
    return {(average + past_.Push(average)) / 2};
  }
  int warmup() const override { return average_.warmup() + past_.warmup() - 1; }

 private:
  AverageIndex average_;
  Delay past_;
};

}  // namespace

constexpr IndicatorDefinition kDx{
    .name = "dx",
    .description = "100 abs(plus_di - minus_di) / (plus_di + minus_di); where there is neither, as before (0 at first)",
    .source = "TA-Lib DX; Wilder 1978",
    .inputs = kHighLowClose,
    .parameters = kPeriodFrom2,
    .outputs = kValue,
    .make = Make<Dx, int>};

constexpr IndicatorDefinition kAdx{.name = "adx",
                                   .description = "Wilder's mean of dx",
                                   .source = "TA-Lib ADX; Wilder 1978",
                                   .inputs = kHighLowClose,
                                   .parameters = kPeriodFrom2,
                                   .outputs = kValue,
                                   .make = Make<Adx, int>};

constexpr IndicatorDefinition kAdxr{.name = "adxr",
                                    .description = "mean of adx now and period - 1 bars ago",
                                    .source = "TA-Lib ADXR; Wilder 1978",
                                    .inputs = kHighLowClose,
                                    .parameters = kPeriodFrom2,
                                    .outputs = kValue,
                                    .make = Make<Adxr, int>};

}  // namespace hone
