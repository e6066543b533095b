#include "base/time.h"
#include "features/bar_features/bar_features.h"

namespace hone {
namespace {

constexpr Duration kHour = 3600 * kSecond;
constexpr Time kMonday = -3 * kDay;  // 1969-12-29

Duration FloorModulo(Time time, Duration period) {
  const Duration rest = time % period;
  return rest < 0 ? rest + period : rest;
}

class HourOfDay final : public Feature {
 public:
  double Update(const Bar& bar) override { return static_cast<double>(FloorModulo(bar.open_time, kDay) / kHour); }
  int warmup() const override { return 1; }
};

class DayOfWeek final : public Feature {
 public:
  double Update(const Bar& bar) override {
    return static_cast<double>(FloorModulo(bar.open_time - kMonday, 7 * kDay) / kDay);
  }
  int warmup() const override { return 1; }
};

}  // namespace

FeaturePointer MakeHourOfDay(SeriesTraits) { return std::make_unique<HourOfDay>(); }
FeaturePointer MakeDayOfWeek(SeriesTraits) { return std::make_unique<DayOfWeek>(); }

}  // namespace hone
