#include "features/targets/return_target.h"

#include <cmath>

namespace hone {

std::optional<double> ReturnTarget::Update(const Bar& bar) {
  closes_.Push(bar.close);
  if (!closes_.full()) return std::nullopt;
  return std::log(closes_.newest() / closes_.oldest());
}

}  // namespace hone
