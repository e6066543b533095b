#include "models/forest/onnx_link.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace hone {
namespace {

float OnnxSigmoid(float margin) {
  const float of_distance = 1 / (1 + std::exp(-std::fabs(margin)));
  return margin < 0 ? 1 - of_distance : of_distance;
}

// sqrt 2 erf⁻¹(2 m - 1), the inverse by Winitzki's approximation with a = 0.147.
float Probit(float margin) {
  constexpr auto kPi = static_cast<float>(3.14159265358979323846);
  constexpr auto kSquareRootOf2 = static_cast<float>(1.41421356237309504880);
  const float x = 2 * margin - 1;
  const float sign = x < 0 ? -1.0F : 1.0F;
  const float log = std::log((1 - x) * (1 + x));
  const float a = 2 / (kPi * 0.147F) + 0.5F * log;
  const float b = 1 / 0.147F * log;
  return kSquareRootOf2 * (sign * std::sqrt(-a + std::sqrt(a * a - b)));
}

float Greatest(std::span<const double> values) {
  float greatest = -std::numeric_limits<float>::max();
  for (const double value : values) greatest = std::max(greatest, static_cast<float>(value));
  return greatest;
}

void Softmax(std::span<double> values) {
  const float greatest = Greatest(values);
  float sum = 0;
  for (double& value : values) {
    const float share = std::exp(static_cast<float>(value) - greatest);
    value = static_cast<double>(share);
    sum += share;
  }
  for (double& value : values) value = static_cast<double>(static_cast<float>(value) / sum);
}

template <typename Real>
void SoftmaxZero(std::span<double> values) {
  constexpr float kZero = 0.0000001F;
  const float greatest = Greatest(values);
  const float of_zero = std::exp(-greatest);
  float sum = 0;
  for (double& value : values) {
    if (std::fabs(static_cast<float>(value)) > kZero) {
      value = static_cast<double>(std::exp(static_cast<float>(value) - greatest));
      sum += static_cast<float>(value);
    } else {
      value = static_cast<double>(static_cast<Real>(value) * static_cast<Real>(of_zero));
    }
  }
  for (double& value : values) value = static_cast<double>(static_cast<Real>(value) / static_cast<Real>(sum));
}

template <float (*kTransform)(float)>
void Each(std::span<double> values) {
  for (double& value : values) value = static_cast<double>(kTransform(static_cast<float>(value)));
}

}  // namespace

template <typename Real>
void ApplyOnnxLink(Link link, std::span<double> values) noexcept {
  const double margin = values.front();
  switch (link) {
    case Link::kSigmoid: return Each<OnnxSigmoid>(values);
    case Link::kProbit: return Each<Probit>(values);
    case Link::kSoftmax: return Softmax(values);
    case Link::kSoftmaxZero: return SoftmaxZero<Real>(values);
    case Link::kComplement: values[0] = static_cast<double>(1 - static_cast<Real>(margin)), values[1] = margin; return;
    case Link::kOpposite: values[0] = -margin, values[1] = margin; return;
    case Link::kSigmoidPair: values[0] = -margin, values[1] = margin; return Each<OnnxSigmoid>(values.first(2));
    default: return;
  }
}

template void ApplyOnnxLink<float>(Link link, std::span<double> values) noexcept;
template void ApplyOnnxLink<double>(Link link, std::span<double> values) noexcept;

}  // namespace hone
