// Ultimate oscillator (Williams 1985): buying pressure over three periods.
#include <algorithm>
#include <cmath>

#include "features/indicators/definitions.h"
#include "features/indicators/rolling_sum.h"
#include "features/indicators/true_range.h"

namespace hone {
namespace {

constexpr IndicatorParameter kUltoscParameters[] = {{.name = "first"}, {.name = "second"}, {.name = "third"}};
constexpr double kWeights[] = {4, 2, 1};  // of the shortest period first

class Ultosc final : public SteppedIndicator<Ultosc, 3, 1> {
 public:
  Ultosc(int first, int second, int third) : Ultosc(Sorted({first, second, third})) {}
  Row<1> Step(const Row<3>& in) {
    const double low = std::min(in[1], last_close_), range = range_.Push(in[0], in[1], in[2]);
    last_close_ = in[2];
    if (std::isnan(range)) return {kNone};
    double sum = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      const double pressure = pressures_[i].Push(in[2] - low), all = ranges_[i].Push(range);
      sum += all == 0 ? 0 : kWeights[i] * (pressure / all);
    }
    return {100 * (sum / 7)};
  }
  int warmup() const override { return ranges_[2].warmup() + 1; }

 private:
  explicit Ultosc(const std::array<int, 3>& periods)
      : pressures_{RollingSum(periods[0]), RollingSum(periods[1]), RollingSum(periods[2])}, ranges_(pressures_) {}
  static std::array<int, 3> Sorted(std::array<int, 3> periods) {
    std::sort(periods.begin(), periods.end());
    return periods;
  }

  TrueRange range_;
  std::array<RollingSum, 3> pressures_, ranges_;
  double last_close_ = kNone;
};

}  // namespace

constexpr IndicatorDefinition kUltosc{.name = "ultosc",
                                      .description =
                                          "100 (4 a + 2 b + c) / 7, each sum of (close - true low) / sum of true "
                                          "ranges over a period, a of the shortest; 0 without range",
                                      .source = "TA-Lib ULTOSC; Williams 1985",
                                      .inputs = kHighLowClose,
                                      .parameters = kUltoscParameters,
                                      .outputs = kValue,
                                      .make = Make<Ultosc, int, int, int>};

}  // namespace hone
