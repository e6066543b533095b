// Tillson's T3 (1998): six exponential means in a row, put together by the volume factor.
#include "features/indicators/definitions.h"
#include "features/indicators/smoothing.h"

namespace hone {
namespace {

constexpr IndicatorParameter kT3Parameters[] = {{.name = "period"},
                                                {.name = "factor", .low = 0, .high = 1, .whole = false}};

class T3 final : public SteppedIndicator<T3, 1, 1> {
 public:
  T3(int period, double factor)
      : means_{ExponentialMean(period), ExponentialMean(period), ExponentialMean(period),
               ExponentialMean(period), ExponentialMean(period), ExponentialMean(period)},
        factor_(factor) {}
  Row<1> Step(const Row<1>& in) {
    Row<6> mean;
    double value = in[0];
    for (std::size_t i = 0; i < 6; ++i) mean[i] = value = means_[i].Push(value);
    const double v = factor_, square = v * v, cube = square * v;
    return {-cube * mean[5] + 3 * (square + cube) * mean[4] - 3 * (2 * square + v + cube) * mean[3] +
            (1 + 3 * v + cube + 3 * square) * mean[2]};
  }
  int warmup() const override { return 6 * means_[0].warmup() - 5; }

 private:
  std::array<ExponentialMean, 6> means_;
  double factor_;
};

}  // namespace

constexpr IndicatorDefinition kT3{.name = "t3",
                                  .description =
                                      "generalised double exponential mean, three times: e3 to e6 of six exponential "
                                      "means in a row, weighted by powers of `factor`",
                                  .source = "TA-Lib T3; Tillson 1998",
                                  .inputs = kSeries,
                                  .parameters = kT3Parameters,
                                  .outputs = kValue,
                                  .make = Make<T3, int, double>};

}  // namespace hone
