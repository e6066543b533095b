// Williams' accumulation and distribution (1985), which knows no volume.
#include <algorithm>

#include "features/indicators/definitions.h"

namespace hone {
namespace {

class Wad final : public SteppedIndicator<Wad, 3, 1> {
 public:
  Row<1> Step(const Row<3>& in) {
    const double close = in[2], last = last_;
    last_ = close;
    if (close > last) total_ += close - std::min(in[1], last);
    if (close < last) total_ += close - std::max(in[0], last);
    return {total_};
  }
  int warmup() const override { return 1; }

 private:
  double total_ = 0, last_ = kNone;
};

}  // namespace

constexpr IndicatorDefinition kWad{
    .name = "wad",
    .description = "sum of close - true low at rises and of close - true high at falls of the close",
    .source = "TA-Lib WAD; Williams 1985",
    .inputs = kHighLowClose,
    .parameters = {},
    .outputs = kValue,
    .make = Make<Wad>};

}  // namespace hone
