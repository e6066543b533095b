// What moves per volume: Elder's force index (1993), ease of movement (Arms 1989), market facilitation (Williams 1995),
// and volume against its mean.
#include "features/indicators/definitions.h"
#include "features/indicators/delay.h"
#include "features/indicators/rolling_sum.h"
#include "features/indicators/smoothing.h"

namespace hone {
namespace {

constexpr double kShares = 1e8;  // Arms' unit of volume
constexpr std::string_view kForceInputs[] = {"volume"};

class Efi final : public SteppedIndicator<Efi, 2, 1> {
 public:
  explicit Efi(int period) : mean_(period) {}
  Row<1> Step(const Row<2>& in) { return {mean_.Push(change_.Push(in[0]) * in[1])}; }
  int warmup() const override { return mean_.warmup() + 1; }

 private:
  Change change_;
  ExponentialMean mean_;
};

class Emv final : public SteppedIndicator<Emv, 3, 1> {
 public:
  explicit Emv(int period) : mean_(period) {}
  Row<1> Step(const Row<3>& in) {
    const double move = change_.Push((in[0] + in[1]) / 2);
    return {mean_.Push(in[2] == 0 && !std::isnan(move) ? 0 : move * (in[0] - in[1]) * (kShares / in[2]))};
  }
  int warmup() const override { return mean_.warmup() + 1; }

 private:
  Change change_;
  RollingMean mean_;
};

double MarketFacilitation(const Row<3>& bar) { return bar[2] == 0 ? 0 : (bar[0] - bar[1]) / bar[2]; }

class Rvol {
 public:
  explicit Rvol(int period) : mean_(period) {}
  double Push(double volume) {
    const double usual = usual_;
    usual_ = mean_.Push(volume);
    return usual == 0 ? 0 : volume / usual;
  }
  int warmup() const { return mean_.warmup() + 1; }

 private:
  RollingMean mean_;
  double usual_ = kNone;
};

}  // namespace

constexpr IndicatorDefinition kEfi{.name = "efi",
                                   .description = "force index: ema of change of close x volume",
                                   .source = "TA-Lib EFI; Elder 1993",
                                   .inputs = kCloseVolume,
                                   .parameters = kPeriod,
                                   .outputs = kValue,
                                   .make = Make<Efi, int>};

constexpr IndicatorDefinition kEmv{.name = "emv",
                                   .description =
                                       "ease of movement: mean over `period` bars of change of (high + low) / 2 x "
                                       "(high - low) x 1e8 / volume; 0 a bar without volume",
                                   .source = "Arms 1989; github.com/bukosabino/ta EaseOfMovementIndicator",
                                   .inputs = kHighLowVolume,
                                   .parameters = kPeriod,
                                   .outputs = kValue,
                                   .make = Make<Emv, int>};

constexpr IndicatorDefinition kMarketfi{
    .name = "marketfi",
    .description = "market facilitation index: (high - low) / volume; 0 without volume",
    .source = "TA-Lib MARKETFI; Williams 1995",
    .inputs = kHighLowVolume,
    .parameters = {},
    .outputs = kValue,
    .make = Make<OfOneBar<3, MarketFacilitation>>};

constexpr IndicatorDefinition kRvol{
    .name = "rvol",
    .description = "volume / mean volume of the `period` bars before; 0 where that is 0",
    .source = "TA-Lib RVOL",
    .inputs = kForceInputs,
    .parameters = kPeriod,
    .outputs = kValue,
    .make = Make<OneSeries<Rvol>, int>};

}  // namespace hone
