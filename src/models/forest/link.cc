#include "models/forest/link.h"

#include <algorithm>
#include <cmath>

#include "models/forest/onnx_link.h"

namespace hone {
namespace {

// XGBoost keeps exp from overflowing.
float Sigmoid(float margin) { return 1.0F / (std::exp(std::min(-margin, 88.7F)) + 1.0F); }

// The sum is a double in both libraries.
template <typename Real>
void Softmax(std::span<double> values) {
  const auto greatest = static_cast<Real>(*std::max_element(values.begin(), values.end()));
  double sum = 0;
  for (double& value : values) {
    value = static_cast<double>(std::exp(static_cast<Real>(value) - greatest));
    sum += value;
  }
  for (double& value : values) value = static_cast<double>(static_cast<Real>(value) / static_cast<Real>(sum));
}

float SoftPlus(float margin) { return std::max(margin, 0.0F) + std::log1p(std::exp(-std::fabs(margin))); }

void Rise(std::span<double> values) {
  constexpr float kStep = 1e-6F;
  auto value = static_cast<float>(values.front());
  for (std::size_t k = 1; k < values.size(); ++k) {
    value += kStep + SoftPlus(static_cast<float>(values[k]));
    values[k] = static_cast<double>(value);
  }
}

double InDouble(Link link, double scale, double margin) {
  switch (link) {
    case Link::kSignedSquare: return ((margin > 0) - (margin < 0)) * margin * margin;
    case Link::kExp: return std::exp(margin);
    case Link::kSigmoid: return 1.0 / (1.0 + std::exp(-scale * margin));
    case Link::kLog1pExp: return std::log1p(std::exp(margin));
    default: return margin;
  }
}

float InFloat(Link link, float margin) {
  switch (link) {
    case Link::kExp: return std::exp(margin);
    case Link::kSigmoid: return Sigmoid(margin);
    case Link::kHinge: return margin > 0 ? 1.0F : 0.0F;
    default: return margin;
  }
}

}  // namespace

void ApplyLink(Link link, Dialect dialect, double scale, std::span<double> values) noexcept {
  if (dialect == Dialect::kOnnxFloat) return ApplyOnnxLink<float>(link, values);
  if (dialect == Dialect::kOnnxDouble) return ApplyOnnxLink<double>(link, values);
  const bool in_float = dialect == Dialect::kXgboost;
  if (link == Link::kSoftmax) return in_float ? Softmax<float>(values) : Softmax<double>(values);
  if (link == Link::kSorted) return std::sort(values.begin(), values.end());
  if (link == Link::kRising) return Rise(values);
  if (link == Link::kClass) {
    values.front() = static_cast<double>(std::max_element(values.begin(), values.end()) - values.begin());
    return;
  }
  for (double& value : values) {
    value = in_float ? static_cast<double>(InFloat(link, static_cast<float>(value))) : InDouble(link, scale, value);
  }
}

}  // namespace hone
