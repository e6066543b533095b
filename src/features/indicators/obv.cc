// Volume added up by the direction of closes.
#include "features/indicators/definitions.h"

namespace hone {
namespace {

class Obv final : public SteppedIndicator<Obv, 2, 1> {
 public:
  Row<1> Step(const Row<2>& in) {
    if (std::isnan(last_)) {
      total_ = in[1];
    } else if (in[0] != last_) {
      total_ += in[0] > last_ ? in[1] : -in[1];
    }
    last_ = in[0];
    return {total_};
  }
  int warmup() const override { return 1; }

 private:
  double total_ = 0, last_ = kNone;
};

class Pvt final : public SteppedIndicator<Pvt, 2, 1> {
 public:
  Row<1> Step(const Row<2>& in) {
    if (last_ != 0 && !std::isnan(last_)) total_ += (in[0] - last_) / last_ * in[1];
    last_ = in[0];
    return {total_};
  }
  int warmup() const override { return 1; }

 private:
  double total_ = 0, last_ = kNone;
};

// kMore: moves with closes of bars of more volume than the one before, otherwise of less.
template <bool kMore>
class VolumeIndex final : public SteppedIndicator<VolumeIndex<kMore>, 2, 1> {
 public:
  Row<1> Step(const Row<2>& in) {
    const bool counts = kMore ? in[1] > last_volume_ : in[1] < last_volume_;
    if (counts && last_close_ != 0) index_ += (in[0] - last_close_) / last_close_ * index_;
    last_close_ = in[0];
    last_volume_ = in[1];
    return {index_};
  }
  int warmup() const override { return 1; }

 private:
  double index_ = 1000, last_close_ = 0, last_volume_ = kNone;
};

}  // namespace

constexpr IndicatorDefinition kObv{
    .name = "obv",
    .description =
        "on-balance volume: volume added at a higher close, taken off at a lower one; starts at the first bar's volume",
    .source = "TA-Lib OBV; Granville 1963",
    .inputs = kCloseVolume,
    .parameters = {},
    .outputs = kValue,
    .make = Make<Obv>};

constexpr IndicatorDefinition kPvt{.name = "pvt",
                                   .description = "price volume trend: sum of change of close / last close x volume",
                                   .source = "TA-Lib PVT",
                                   .inputs = kCloseVolume,
                                   .parameters = {},
                                   .outputs = kValue,
                                   .make = Make<Pvt>};

constexpr IndicatorDefinition kPvi{
    .name = "pvi",
    .description = "positive volume index: 1000, moved with closes of bars of more volume than the one before",
    .source = "TA-Lib PVI; Fosback 1976",
    .inputs = kCloseVolume,
    .parameters = {},
    .outputs = kValue,
    .make = Make<VolumeIndex<true>>};

constexpr IndicatorDefinition kNvi{
    .name = "nvi",
    .description = "negative volume index: 1000, moved with closes of bars of less volume than the one before",
    .source = "TA-Lib NVI; Fosback 1976",
    .inputs = kCloseVolume,
    .parameters = {},
    .outputs = kValue,
    .make = Make<VolumeIndex<false>>};

}  // namespace hone
