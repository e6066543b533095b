// What a model is at inference: a pure function from a feature row to numbers.
// A Model is immutable and may be called from any number of threads at once. No Predict takes a lock or allocates, but
// that of a graph which ONNX Runtime runs (onnx_runtime/onnx_graph.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace hone {

// What the numbers of an answer are.
enum class AnswerKind : std::uint8_t {
  kNumber,       // quantities, in the unit of the target
  kProbability,  // of the one class that may come true, or of each of several
  kClass,        // the index of a class
};

class VotingEnsemble;

class Model {
 public:
  virtual ~Model() = default;

  // Number of features a row has, in the order of the feature list it was trained with.
  virtual std::size_t width() const = 0;
  // Numbers an answer has: 1, or one per class or target.
  virtual std::size_t outputs() const { return 1; }
  virtual AnswerKind kind() const { return AnswerKind::kNumber; }
  // The model itself where it combines members that vote (ensemble/voting_ensemble.h), else null.
  virtual const VotingEnsemble* ensemble() const { return nullptr; }

  // One row: `row.size()` == width(); NaN is a missing value. Never throws. Of several outputs, the first.
  virtual double Predict(std::span<const double> row) const noexcept = 0;
  // The whole answer: `out.size()` == outputs().
  virtual void PredictAll(std::span<const double> row, std::span<double> out) const noexcept;
  // `rows`: n x width(), row-major; `out`: n x outputs(), row-major. Same bits as PredictAll (graphs: about).
  virtual void PredictBatch(std::span<const double> rows, std::span<double> out) const noexcept;

  // What the answer was made from, before the output transform: `out.size()` == margins(). A model without a transform
  // gives its answer.
  virtual std::size_t margins() const { return outputs(); }
  virtual void PredictMargins(std::span<const double> row, std::span<double> out) const noexcept;
};

using ModelPointer = std::shared_ptr<const Model>;

}  // namespace hone
