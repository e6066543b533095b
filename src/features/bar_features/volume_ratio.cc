
#include "features/bar_features/bar_features.h"
#include "features/no_value.h"
#include "features/window.h"

namespace hone {
namespace {

constexpr int kBars = 20;

class VolumeRatio final : public Feature {
 public:
  explicit VolumeRatio(bool has_volume) : has_volume_(has_volume) {}
  double Update(const Bar& bar) override {
    volumes_.Push(bar.volume);
    if (!has_volume_ || !volumes_.full()) return kNone;
    const double mean = Mean(volumes_.values());
    return mean > 0 ? bar.volume / mean : kNone;
  }
  int warmup() const override { return has_volume_ ? kBars : 1; }

 private:
  bool has_volume_;
  Window volumes_{kBars};
};

}  // namespace

FeaturePointer MakeVolumeRatio(SeriesTraits traits) { return std::make_unique<VolumeRatio>(traits.has_volume); }

}  // namespace hone
