#include "features/targets/direction_target.h"

namespace hone {

std::optional<double> DirectionTarget::Update(const Bar& bar) {
  closes_.Push(bar.close);
  if (!closes_.full()) return std::nullopt;
  return closes_.newest() > closes_.oldest() ? 1.0 : 0.0;
}

}  // namespace hone
