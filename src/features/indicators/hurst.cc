// Hurst exponent by the rescaled range (Hurst 1951; Mandelbrot and Wallis 1969) of log returns: the window is cut into
// 1, 2, 4 to 32 chunks of 8 returns or more, and the exponent is the slope of log mean R/S on log size. O(period) per
// set of chunks.
#include <algorithm>
#include <cmath>

#include "features/indicators/definitions.h"
#include "features/window.h"

namespace hone {
namespace {

constexpr IndicatorParameter kHurstParameters[] = {{.name = "period", .low = 16}};
constexpr std::size_t kLeastChunk = 8, kMostChunks = 32;

// NaN for returns that are all equal.
double RescaledRange(std::span<const double> returns) {
  const double size = static_cast<double>(returns.size()), mean = Mean(returns);
  double walk = 0, highest = 0, lowest = 0, squares = 0;
  bool first = true;
  for (const double each : returns) {
    walk += each - mean;
    highest = first ? walk : std::max(highest, walk);
    lowest = first ? walk : std::min(lowest, walk);
    first = false;
    squares += (each - mean) * (each - mean);
  }
  return squares > 0 ? (highest - lowest) / std::sqrt(squares / size) : kNone;
}

class Hurst {
 public:
  explicit Hurst(int period) : returns_(period) {}
  double Push(double value) {
    const double change = std::log(value / last_);
    last_ = value;
    if (!std::isfinite(change)) return kNone;
    returns_.Push(change);
    return returns_.full() ? Exponent(returns_.values()) : kNone;
  }
  int warmup() const { return static_cast<int>(returns_.size()) + 1; }

 private:
  static double Exponent(std::span<const double> returns) {
    double count = 0, x = 0, y = 0, xx = 0, xy = 0;
    for (std::size_t chunks = 1; chunks <= kMostChunks && returns.size() / chunks >= kLeastChunk; chunks *= 2) {
      const std::size_t chunk = returns.size() / chunks;
      const double size = std::log(static_cast<double>(chunk)), range = std::log(MeanRange(returns, chunks));
      ++count;
      x += size;
      y += range;
      xx += size * size;
      xy += size * range;
    }
    const double slope = (count * xy - x * y) / (count * xx - x * x);
    return std::isfinite(slope) ? slope : kNeutral;
  }
  // Of chunks of equal size; the oldest returns that do not fill one are left out.
  static double MeanRange(std::span<const double> returns, std::size_t chunks) {
    const std::size_t size = returns.size() / chunks;
    double sum = 0;
    for (std::size_t i = 0; i < chunks; ++i) sum += RescaledRange(returns.last(size * (chunks - i)).first(size));
    return sum / static_cast<double>(chunks);
  }

  static constexpr double kNeutral = 0.5;
  Window returns_;
  double last_ = kNone;
};

}  // namespace

constexpr IndicatorDefinition kHurst{.name = "hurst",
                                     .description =
                                         "slope of log mean rescaled range on log size over chunks of the last "
                                         "`period` log returns; 0.5 where a chunk does not move; O(period) per bar",
                                     .source = "Hurst 1951; github.com/DaveSkender/Stock.Indicators Hurst",
                                     .inputs = kSeries,
                                     .parameters = kHurstParameters,
                                     .outputs = kValue,
                                     .make = Make<OneSeries<Hurst>, int>};

}  // namespace hone
