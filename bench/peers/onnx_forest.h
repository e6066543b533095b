// A forest of XGBoost's in ONNX Runtime: written as a TreeEnsembleRegressor of floats and run by the C API on one
// thread, with the tensors of its rows made beforehand.
#pragma once

#ifdef HONE_HAVE_ONNXRUNTIME

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "models/forest/tree.h"
#include "models/onnx_runtime/library.h"

namespace hone::bench {

// An ONNX file. `forest` is of one output, and without categorical splits.
std::string OnnxBytes(const Forest& forest);

class OnnxForest {
 public:
  // `rows`: row-major, forest.width columns. kUnavailable where ONNX Runtime cannot be opened.
  static Result<std::unique_ptr<OnnxForest>> Open(const Forest& forest, std::span<const double> rows);

  // ONNX Runtime adds the leaves as floats and the start last: its margins are near XGBoost's, not of the same bits.
  double PredictOne(std::size_t row) const;
  void PredictAll(std::span<double> margins) const;

 private:
  explicit OnnxForest(const OnnxRuntime& runtime) : runtime_(runtime) {}
  Result<OnnxHandle<OrtValue>> MakeTensor(std::span<float> numbers, std::size_t width) const;
  void Run(const OrtValue* in, OrtValue* out) const;

  const OnnxRuntime& runtime_;
  std::vector<float> rows_, answers_;
  OnnxHandle<OrtSession> session_{nullptr, nullptr};
  OnnxHandle<OrtMemoryInfo> memory_{nullptr, nullptr};
  std::vector<OnnxHandle<OrtValue>> row_tensors_;
  OnnxHandle<OrtValue> all_{nullptr, nullptr}, one_answer_{nullptr, nullptr}, all_answers_{nullptr, nullptr};
};

}  // namespace hone::bench

#endif
