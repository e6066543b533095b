// Elder ray (Elder 1993): how far a bar reaches above and below the exponential mean of closes.
#include "features/indicators/definitions.h"
#include "features/indicators/smoothing.h"

namespace hone {
namespace {

constexpr std::string_view kEriOutputs[] = {"bullpower", "bearpower"};

class Eri final : public SteppedIndicator<Eri, 3, 2> {
 public:
  explicit Eri(int period) : mean_(period) {}
  Row<2> Step(const Row<3>& in) {
    const double mean = mean_.Push(in[2]);
    return {in[0] - mean, in[1] - mean};
  }
  int warmup() const override { return mean_.warmup(); }

 private:
  ExponentialMean mean_;
};

}  // namespace

constexpr IndicatorDefinition kEri{.name = "eri",
                                   .description = "high - ema(close), low - ema(close)",
                                   .source = "TA-Lib ERI; Elder 1993",
                                   .inputs = kHighLowClose,
                                   .parameters = kPeriod,
                                   .outputs = kEriOutputs,
                                   .make = Make<Eri, int>};

}  // namespace hone
