#include "features/expression/lag.h"

#include <utility>
#include <vector>

#include "features/expression/pointwise.h"

namespace hone {
namespace {

class Lag final : public SteppedIndicator<Lag, 1, 1> {
 public:
  explicit Lag(double size) : ring_(static_cast<std::size_t>(size), kMissing) {}
  std::array<double, 1> Step(const std::array<double, 1>& in) {
    const double old = std::exchange(ring_[next_], in[0]);
    next_ = next_ + 1 == ring_.size() ? 0 : next_ + 1;
    return {old};
  }
  int warmup() const override { return static_cast<int>(ring_.size()) + 1; }

 private:
  std::vector<double> ring_;
  std::size_t next_ = 0;
};

}  // namespace

Result<IndicatorPointer> MakeLag(std::span<const double> parameters) {
  return IndicatorPointer(std::make_unique<Lag>(parameters[0]));
}

}  // namespace hone
