// Choppiness index (Dreiss 1993): 100 for moves that lead nowhere, near 0 for a straight trend.
#include <algorithm>
#include <cmath>

#include "features/indicators/definitions.h"
#include "features/indicators/rolling_extreme.h"
#include "features/indicators/rolling_sum.h"
#include "features/indicators/true_range.h"

namespace hone {
namespace {

class Chop final : public SteppedIndicator<Chop, 3, 1> {
 public:
  explicit Chop(int period) : path_(period), highest_(period), lowest_(period), scale_(100 / std::log10(period)) {}
  Row<1> Step(const Row<3>& in) {
    const double last = last_close_, path = path_.Push(true_range_.Push(in[0], in[1], in[2]));
    last_close_ = in[2];
    if (std::isnan(last)) return {kNone};
    const double range = highest_.Push(std::max(in[0], last)) - lowest_.Push(std::min(in[1], last));
    return {range == 0 ? 0 : scale_ * std::log10(path / range)};
  }
  int warmup() const override { return path_.warmup() + 1; }

 private:
  RollingSum path_;
  RollingMax highest_;
  RollingMin lowest_;
  TrueRange true_range_;
  double scale_, last_close_ = kNone;
};

}  // namespace

constexpr IndicatorDefinition kChop{
    .name = "chop",
    .description =
        "100 log10(sum of true ranges / range of `period` bars with the close before) / log10(period); 0 without range",
    .source = "Dreiss 1993; github.com/DaveSkender/Stock.Indicators Chop",
    .inputs = kHighLowClose,
    .parameters = kPeriodFrom2,
    .outputs = kValue,
    .make = Make<Chop, int>};

}  // namespace hone
