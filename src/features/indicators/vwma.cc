// Means weighted by volume: over a window and over the whole stream.
#include "features/indicators/definitions.h"
#include "features/indicators/rolling_sum.h"

namespace hone {
namespace {

constexpr std::string_view kSeriesVolume[] = {"series", "volume"};

class Vwma final : public SteppedIndicator<Vwma, 2, 1> {
 public:
  explicit Vwma(int period) : worth_(period), volume_(period), plain_(period) {}
  Row<1> Step(const Row<2>& in) { return {Push(in[0], in[1])}; }
  double Push(double price, double volume) {
    const double worth = worth_.Push(price * volume), all = volume_.Push(volume), plain = plain_.Push(price);
    return all == 0 ? plain : worth / all;
  }
  int warmup() const override { return plain_.warmup(); }

 private:
  RollingSum worth_, volume_;
  RollingMean plain_;
};

class Vwap final : public SteppedIndicator<Vwap, 4, 1> {
 public:
  explicit Vwap(int period) : mean_(period) {}
  Row<1> Step(const Row<4>& in) { return {mean_.Push((in[0] + in[1] + in[2]) / 3, in[3])}; }
  int warmup() const override { return mean_.warmup(); }

 private:
  Vwma mean_;
};

class VwapTotal final : public SteppedIndicator<VwapTotal, 4, 1> {
 public:
  Row<1> Step(const Row<4>& in) {
    worth_ += (in[0] + in[1] + in[2]) / 3 * in[3];
    volume_ += in[3];
    return {volume_ == 0 ? 0 : worth_ / volume_};
  }
  int warmup() const override { return 1; }

 private:
  double worth_ = 0, volume_ = 0;
};

}  // namespace

constexpr IndicatorDefinition kVwma{
    .name = "vwma",
    .description = "sum of series x volume / sum of volume over `period` bars; the plain mean where no volume was",
    .source = "TA-Lib VWMA",
    .inputs = kSeriesVolume,
    .parameters = kPeriod,
    .outputs = kValue,
    .make = Make<Vwma, int>};

constexpr IndicatorDefinition kVwap{
    .name = "vwap",
    .description =
        "volume-weighted mean of (high + low + close) / 3 over `period` bars; the plain mean where no volume was",
    .source = "TA-Lib VWMA of TYPPRICE",
    .inputs = kHighLowCloseVolume,
    .parameters = kPeriod,
    .outputs = kValue,
    .make = Make<Vwap, int>};

constexpr IndicatorDefinition kVwapTotal{
    .name = "vwap_total",
    .description = "volume-weighted mean of (high + low + close) / 3 since the first bar; 0 before any volume",
    .source = "TA-Lib VWAP",
    .inputs = kHighLowCloseVolume,
    .parameters = {},
    .outputs = kValue,
    .make = Make<VwapTotal>};

}  // namespace hone
