// What a model is at inference: a pure function from a feature row to a number.
//
// A Model is immutable and may be called from any number of threads at once. Predict takes no lock and allocates
// nothing.
#pragma once

#include <cstddef>
#include <memory>
#include <span>

namespace hone {

class Model {
 public:
  virtual ~Model() = default;

  // Number of features a row has, in the order of the feature list it was trained with.
  virtual std::size_t width() const = 0;

  // One row: `row.size()` == width(); NaN is a missing value. Never throws.
  virtual double Predict(std::span<const double> row) const noexcept = 0;

  // `rows`: n x width(), row-major; `out`: n. Same numbers as Predict, to the bit.
  virtual void PredictBatch(std::span<const double> rows, std::span<double> out) const noexcept;
};

using ModelPointer = std::shared_ptr<const Model>;

}  // namespace hone
