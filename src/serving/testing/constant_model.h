// Models whose answers a test knows.
#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "models/model.h"

namespace hone::testing_models {

// Answers `value` + `slope` times the first feature.
class ConstantModel final : public Model {
 public:
  ConstantModel(std::size_t width, double value, double slope) : width_(width), value_(value), slope_(slope) {}
  std::size_t width() const override { return width_; }
  double Predict(std::span<const double> row) const noexcept override { return value_ + slope_ * row[0]; }

 private:
  std::size_t width_;
  double value_, slope_;
};

inline ModelPointer Constant(std::size_t width, double value, double slope = 0) {
  return std::make_shared<ConstantModel>(width, value, slope);
}

}  // namespace hone::testing_models
