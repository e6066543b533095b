// Intraday momentum index (Chande and Kroll 1994) and Qstick (Chande 1994): bodies of bars over a window.
#include <algorithm>
#include <cmath>

#include "features/indicators/definitions.h"
#include "features/indicators/rolling_sum.h"

namespace hone {
namespace {

class Imi final : public SteppedIndicator<Imi, 2, 1> {
 public:
  explicit Imi(int period) : gains_(period), all_(period) {}
  Row<1> Step(const Row<2>& in) {
    const double body = in[1] - in[0];
    const double gains = gains_.Push(std::max(body, 0.0)), all = all_.Push(std::abs(body));
    return {all == 0 ? 50 : 100 * (gains / all)};
  }
  int warmup() const override { return all_.warmup(); }

 private:
  RollingSum gains_, all_;
};

class Qstick final : public SteppedIndicator<Qstick, 2, 1> {
 public:
  explicit Qstick(int period) : mean_(period) {}
  Row<1> Step(const Row<2>& in) { return {mean_.Push(in[1] - in[0])}; }
  int warmup() const override { return mean_.warmup(); }

 private:
  RollingMean mean_;
};

}  // namespace

constexpr IndicatorDefinition kImi{
    .name = "imi",
    .description = "100 sum of rises / sum of abs(close - open) over `period` bars; 50 without bodies",
    .source = "TA-Lib IMI; Chande and Kroll 1994",
    .inputs = kOpenClose,
    .parameters = kPeriodFrom2,
    .outputs = kValue,
    .make = Make<Imi, int>};

constexpr IndicatorDefinition kQstick{.name = "qstick",
                                      .description = "mean of close - open over `period` bars",
                                      .source = "TA-Lib QSTICK; Chande 1994",
                                      .inputs = kOpenClose,
                                      .parameters = kPeriod,
                                      .outputs = kValue,
                                      .make = Make<Qstick, int>};

}  // namespace hone
