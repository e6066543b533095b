// ONNX's post_transform as ONNX Runtime computes it: in float, whatever the sums are.
#pragma once

#include <span>

#include "models/forest/link.h"

namespace hone {

// As ApplyLink. `Real`: what the sums are.
template <typename Real>
void ApplyOnnxLink(Link link, std::span<double> values) noexcept;

}  // namespace hone
