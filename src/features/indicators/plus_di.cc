// Directional movement and directional indicators (Wilder 1978).
#include "features/indicators/definitions.h"
#include "features/indicators/directional_movement.h"

namespace hone {
namespace {

template <bool kPlus>
class Movement final : public SteppedIndicator<Movement<kPlus>, 2, 1> {
 public:
  explicit Movement(int period) : movement_(period), warmup_(period == 1 ? 2 : period) {}
  Row<1> Step(const Row<2>& in) {
    movement_.Push(in[0], in[1], in[1]);
    if (movement_.bars() < warmup_) return {kNone};
    return {kPlus ? movement_.plus() : movement_.minus()};
  }
  int warmup() const override { return warmup_; }

 private:
  DirectionalMovement movement_;
  int warmup_;
};

template <bool kPlus>
class DirectionalIndicator final : public SteppedIndicator<DirectionalIndicator<kPlus>, 3, 1> {
 public:
  explicit DirectionalIndicator(int period) : movement_(period), scale_(period == 1 ? 1 : 100), warmup_(period + 1) {}
  Row<1> Step(const Row<3>& in) {
    movement_.Push(in[0], in[1], in[2]);
    if (movement_.bars() < warmup_) return {kNone};
    const double moved = kPlus ? movement_.plus() : movement_.minus();
    return {movement_.range() == 0 ? 0 : scale_ * (moved / movement_.range())};
  }
  int warmup() const override { return warmup_; }

 private:
  DirectionalMovement movement_;
  double scale_;
  int warmup_;
};

}  // namespace

constexpr IndicatorDefinition kPlusDm{
    .name = "plus_dm",
    .description = "Wilder's sum of rises of the high that exceed the fall of the low",
    .source = "TA-Lib PLUS_DM; Wilder 1978",
    .inputs = kHighLow,
    .parameters = kPeriod,
    .outputs = kValue,
    .make = Make<Movement<true>, int>};

constexpr IndicatorDefinition kMinusDm{
    .name = "minus_dm",
    .description = "Wilder's sum of falls of the low that exceed the rise of the high",
    .source = "TA-Lib MINUS_DM; Wilder 1978",
    .inputs = kHighLow,
    .parameters = kPeriod,
    .outputs = kValue,
    .make = Make<Movement<false>, int>};

constexpr IndicatorDefinition kPlusDi{
    .name = "plus_di",
    .description = "100 plus_dm / Wilder's sum of true ranges (a ratio for period 1); 0 without range",
    .source = "TA-Lib PLUS_DI; Wilder 1978",
    .inputs = kHighLowClose,
    .parameters = kPeriod,
    .outputs = kValue,
    .make = Make<DirectionalIndicator<true>, int>};

constexpr IndicatorDefinition kMinusDi{
    .name = "minus_di",
    .description = "100 minus_dm / Wilder's sum of true ranges (a ratio for period 1); 0 without range",
    .source = "TA-Lib MINUS_DI; Wilder 1978",
    .inputs = kHighLowClose,
    .parameters = kPeriod,
    .outputs = kValue,
    .make = Make<DirectionalIndicator<false>, int>};

}  // namespace hone
