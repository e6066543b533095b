// A forest of XGBoost's compiled to C by TL2cgen (compile_forest.py), its predict function called directly.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace hone::bench {

class Tl2cgenForest {
 public:
  // `model`: XGBoost's UBJSON; `rows`: row-major, `width` columns. Compiles, which takes seconds. kUnavailable where
  // TL2cgen is not in .deps/peers of the checkout `root`, or with what it said when it failed.
  static Result<std::unique_ptr<Tl2cgenForest>> Open(const std::string& root, std::string_view model,
                                                     std::span<const double> rows, std::size_t width);
  ~Tl2cgenForest();
  Tl2cgenForest(const Tl2cgenForest&) = delete;
  Tl2cgenForest& operator=(const Tl2cgenForest&) = delete;

  // It adds the leaves as floats and the start last: its margins are near XGBoost's, not of the same bits.
  double PredictOne(std::size_t row);
  // TL2cgen's own batches are this loop.
  void PredictAll(std::span<double> margins);

 private:
  union Entry {  // as in the generated header
    int missing;
    float value;
  };
  using Predict = void (*)(Entry* row, int margin, float* result);

  Tl2cgenForest(void* library, Predict predict, std::span<const double> rows, std::size_t width);

  void* library_;
  Predict predict_;
  std::size_t width_;
  std::vector<Entry> rows_;
};

}  // namespace hone::bench
