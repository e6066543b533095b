// Moving average convergence and divergence (Appel 1979).
#include <algorithm>

#include "features/indicators/definitions.h"
#include "features/indicators/smoothing.h"

namespace hone {
namespace {

constexpr std::string_view kMacdOutputs[] = {"macd", "macdsignal", "macdhist"};
constexpr IndicatorParameter kMacdParameters[] = {
    {.name = "fast", .low = 2}, {.name = "slow", .low = 2}, {.name = "signal"}};
constexpr IndicatorParameter kSignal[] = {{.name = "signal"}};

// The fast mean starts where the slow one does, so that both have their first value at the same bar.
class Macd final : public SteppedIndicator<Macd, 1, 3> {
 public:
  Macd(int one, int other, int signal)
      : slow_(std::max(one, other)),
        fast_(std::min(one, other), 2.0 / (std::min(one, other) + 1), slow_.warmup() - std::min(one, other)),
        signal_(signal) {}
  // With the rounded weights of the first publication, 0.15 and 0.075.
  explicit Macd(int signal) : slow_(26, 0.075), fast_(12, 0.15, 26 - 12), signal_(signal) {}
  Row<3> Step(const Row<1>& in) {
    const double macd = fast_.Push(in[0]) - slow_.Push(in[0]), signal = signal_.Push(macd);
    return OnceKnown<3>({macd, signal, macd - signal});
  }
  int warmup() const override { return slow_.warmup() + signal_.warmup() - 1; }

 private:
  ExponentialMean slow_, fast_, signal_;
};

}  // namespace

constexpr IndicatorDefinition kMacd{.name = "macd",
                                    .description =
                                        "ema(fast) - ema(slow), its ema over `signal` bars, and their difference; both "
                                        "means have their first value at the same bar",
                                    .source = "TA-Lib MACD; Appel 1979",
                                    .inputs = kSeries,
                                    .parameters = kMacdParameters,
                                    .outputs = kMacdOutputs,
                                    .make = Make<Macd, int, int, int>};

constexpr IndicatorDefinition kMacdfix{.name = "macdfix",
                                       .description = "macd of 12 and 26 bars with weights 0.15 and 0.075",
                                       .source = "TA-Lib MACDFIX",
                                       .inputs = kSeries,
                                       .parameters = kSignal,
                                       .outputs = kMacdOutputs,
                                       .make = Make<Macd, int>};

}  // namespace hone
